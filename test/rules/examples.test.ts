import { describe, expect, it } from 'vitest';
import { readRules } from '../../src/rules/load.ts';
import { describeFailure, testRules } from '../../src/rules/test.ts';
import { BASE, ruleFolder, signature } from './folders.ts';

const pipeline = { toMatchText: (line: string) => [line.replace(/^node kernel: /u, '')] };

async function results(files: Readonly<Record<string, string>>) {
  const { ruleSet } = await readRules([], { builtin: ruleFolder({ ...BASE, ...files }) });
  return testRules(ruleSet, pipeline);
}

describe('examples of rules', () => {
  it('pass where the pattern sees through the header', async () => {
    const text = signature('a')
      .replace("line: 'INFO", "line: 'node kernel: INFO")
      .replace("'INFO: task (", "'^INFO: task (");
    expect((await results({ 'signatures/a.yaml': text })).map(({ passed }) => passed)).toEqual([true, true]);
  });

  it('fail with the captures side by side', async () => {
    const [result] = await results({ 'signatures/a.yaml': signature('a').replace("seconds: '122'", "seconds: '12'") });
    expect(result).toMatchObject({
      rule: 'a',
      example: 'examples.match.0',
      passed: false,
      diff: ['- seconds: 12', '+ seconds: 122'],
    });
    expect(result && describeFailure(result)).toContain('examples.match.0: INFO: task loki:12');
  });

  it('fail with the place where line and pattern part', async () => {
    const [result] = await results({ 'signatures/a.yaml': signature('a').replace('122 seconds', '122 minutes') });
    expect(result?.diff).toEqual([
      '- seconds',
      '+ minutes',
      '  matches as far as "INFO: task loki:12 blocked for more than 122 "',
    ]);
  });

  it('fail where a near miss matches', async () => {
    const found = await results({
      'signatures/a.yaml': signature('a').replace("'soft lockup'", "'INFO: task x:1 blocked for more than 5 seconds'"),
    });
    expect(found[1]).toMatchObject({
      passed: false,
      diff: ['- no match: a lockup keeps a processor busy', expect.stringContaining('+ INFO: task x:1')],
    });
  });

  it('join the lines that follow', async () => {
    const text = signature('a')
      .replace('layer: node', "  followed: { as: stack, pattern: '(?<fn>[a-z_]{1,40})\\+0x', upTo: 4 }\nlayer: node")
      .replace(
        "{ line: 'INFO: task loki:12 blocked for more than 122 seconds', captures: { comm: loki, seconds: '122' } }",
        '{ line: "INFO: task loki:12 blocked for more than 122 seconds\\n nfs_wait+0x1\\n rpc_run+0x2", captures: { stack: nfs_wait rpc_run } }',
      );
    expect((await results({ 'signatures/a.yaml': text }))[0]).toMatchObject({ passed: true, diff: [] });
  });

  it('judge rows', async () => {
    const rows = (where: string): string =>
      `id: pods\ntitle: Pods\nkind: row\nrows: Pod\nwhere: ${where}\nlayer: apps\nseverity: low\n` +
      'examples: { match: [{ restarts: 4 }], reject: [{ row: { restarts: 1 }, because: few }, { row: { name: a }, because: not shown }] }\n';
    expect((await results({ 'signatures/pods.yaml': rows('row.restarts > 3') })).map(({ passed }) => passed)).toEqual([
      true,
      true,
      true,
    ]);
    expect((await results({ 'signatures/pods.yaml': rows('row.restarts > 5') }))[0]?.diff).toEqual([
      '- true',
      '+ false: row.restarts is 4, needed is > 5 (1 away)',
    ]);
  });
});
