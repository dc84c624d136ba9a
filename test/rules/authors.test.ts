import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderCatalogue } from '../../src/rules/catalogue.ts';
import { describeRule, listRules } from '../../src/rules/describe.ts';
import { ruleSchemas } from '../../src/rules/json-schema.ts';
import { lintRules } from '../../src/rules/lint.ts';
import { readRules } from '../../src/rules/load.ts';
import { signatureSchema } from '../../src/rules/schema.ts';
import { newRule } from '../../src/rules/skeleton.ts';
import { testRules } from '../../src/rules/test.ts';
import { BASE, link, ruleFolder, signature } from './folders.ts';

describe('JSON Schemas for editors', () => {
  it.each(Object.entries(ruleSchemas))('schema/%s.json is what the zod schema says', async (name, schema) => {
    await expect(`${JSON.stringify(schema(), null, 2)}\n`).toMatchFileSnapshot(`../../schema/${name}.json`);
  });
});

describe('a new rule from a line', () => {
  it.each([
    ['INFO: task fluentd:4711 blocked for more than 245 seconds.', ['fluentd', '4711', '245']],
    ['dial tcp 10.96.0.10:53: i/o timeout after 30s', ['10.96.0.10', '30s']],
    ['failed to mount pod="ns/a" path=/var/lib/kubelet/pods/x uid=0b0a7f0c-9c3c-4a1e-8e9b-0d5a5d2a9f11', ['ns/a']],
    ['failed to "StartContainer" for "web" with Oops: "back-off 5m0s"', ['StartContainer', 'web', '5m0s']],
    ['Failed (again) [code: 5] {x} $HOME a|b ^ \\ "quoted name"', ['quoted name']],
  ])('is valid, safe and proves itself: %s', async (line, values) => {
    const { text: yaml } = newRule(line);
    const rule = signatureSchema.parse(parse(yaml));
    expect(rule.kind === 'log' && Object.values(rule.examples.match[0]?.captures ?? {})).toEqual(
      expect.arrayContaining(values),
    );
    const { ruleSet, problems } = await readRules([], {
      builtin: ruleFolder({ ...BASE, [`signatures/${rule.id}.yaml`]: yaml }),
    });
    expect(problems).toEqual([]);
    expect(testRules(ruleSet, { toMatchText: (text) => [text] }).filter(({ passed }) => !passed)).toEqual([]);
    const errors = lintRules(ruleSet).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, property }) => `${code} ${property}`)).toEqual([
      'unfinished examples.reject.0',
      'unfinished title',
    ]);
  });

  it('takes the anchor from the raw line', () => {
    const rule = parse(
      newRule('E1 a.go:3] "Failed to mount" err="no \\"x\\""', { texts: ['Failed to mount err=no "x"'] }).text,
    );
    expect(rule.match.anchors).toEqual(['Failed to mount']);
  });

  it('points the editor to the schema', () => {
    expect(newRule('something happened', { schema: '../../schema/signature.json' }).text).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/signature\.json\n/u,
    );
  });
});

describe('lists and pages about rules', () => {
  const files = {
    ...BASE,
    'signatures/kernel/a.yaml': signature('a', 'tags: [disk-slow]'),
    'signatures/kernel/b.yaml': signature('b').replace('{{comm}} is', '{{comm}} | is'),
    'links/kernel/disk-slow--b.yaml': link('disk-slow', 'b'),
    'playbooks/a.yaml':
      'id: a\ntitle: Repair\nsteps: [{ layer: node, title: t, check: c, do: d, verify: v, safety: read-only }]\n',
  };

  it('show a rule with what it is joined to', async () => {
    const { ruleSet } = await readRules([], { builtin: ruleFolder(files) });
    expect(describeRule(ruleSet, 'a')).toMatchObject({ kind: 'signature', canCause: ['disk-slow--b'], causedBy: [] });
    expect(describeRule(ruleSet, 'disk-slow--b')).toMatchObject({ kind: 'link', causedBy: ['a'], canCause: ['b'] });
    expect(describeRule(ruleSet, 'playbooks/a')).toMatchObject({ kind: 'playbook', id: 'a' });
    expect(describeRule(ruleSet, 'nobody')).toBeUndefined();
    expect(listRules(ruleSet).map(({ kind, id, family }) => `${kind} ${id} ${family}`)).toEqual([
      'signature a kernel',
      'signature b kernel',
      'link disk-slow--b kernel',
      'playbook a ',
    ]);
  });

  it('make a catalogue whose cells hold', async () => {
    const { ruleSet } = await readRules([], { builtin: ruleFolder(files) });
    const page = renderCatalogue(ruleSet);
    expect(page).toContain('2 signatures, 1 links, 0 incident rules, 1 playbooks');
    expect(page).toContain('| `b` | Task `comm` \\| is blocked | node | high | possible | – |');
    expect(page).toContain('| `disk-slow` | `b` | definite | It waits. |');
    expect(page).toContain('| `disk-slow` | A disk is slow | 1 |');
  });
});
