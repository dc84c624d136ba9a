import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesFound } from '../../src/rules/condition/ast.ts';
import { parseCondition } from '../../src/rules/condition/parse.ts';
import { rowAttributes, rowKinds } from '../../src/rules/row-attributes.ts';
import { compiled, podScope, problemsOf } from './conditions.ts';

describe('reading conditions', () => {
  it('binds "and" tighter than "or", and "not" tightest', () => {
    const { expr } = compiled('e.count == 1 or not e.count == 2 and e.count == 3');
    expect(expr).toMatchObject({
      op: 'or',
      items: [{ op: 'compare' }, { op: 'and', items: [{ op: 'not' }, { op: 'compare' }] }],
    });
  });

  it('reads members that are called like keywords', () => {
    expect(compiled('e.count > 2').expr).toMatchObject({ left: { op: 'member', name: 'count' } });
  });

  it('tells durations from numbers and names', () => {
    expect(compiled('age(row) > 90m and row.restarts >= 5', podScope).expr).toMatchObject({
      items: [{ right: { op: 'duration', ms: 5_400_000 } }, { right: { op: 'number', value: 5 } }],
    });
  });

  it('takes brackets after a time operator for a window', () => {
    expect(compiled('c before [0s, *] e').expr).toMatchObject({ window: { least: { ms: 0 }, greatest: 'any' } });
    expect(compiled('c near [10m] e').expr).toMatchObject({ relation: 'near', window: { least: { ms: 600_000 } } });
  });

  it.each([
    'e.stack2 == 1 or c.stack matches /a/ and c possibly before [0s, 15m] e',
    'some r in find("dns-*") where (same(r.node, c.node) and r definitely before e)',
    'count(f in find("dns-down", "dns-slow") by f.component where f.count > 1) >= 2',
    'every p in e.pods where (p.hostNetwork == false)',
    '-3 + e.count >= 1',
    'c.device in [\'sda\', "sdb"]',
  ])('is plain data after parsing: %s', (text) => {
    const parsed = parseCondition(text);
    expect(parsed).toHaveProperty('expr');
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
  });

  it('lists the names that a condition looks for', () => {
    expect(namesFound(compiled('no f in find("dns-down") or some g in find("dns-*", "disk-failed")').expr)).toEqual([
      'dns-down',
      'dns-*',
      'disk-failed',
    ]);
  });

  it.each([
    ['e.count >=', '10: a value or condition cannot begin with the end'],
    ['e.count == 1 §', '13: cannot read "§"'],
    ['some x in where', '10: expected a name, found "where"'],
    ['e.count == 1 e', '13: unexpected "e"'],
    ['(e.count == 1', '13: expected ")", found the end'],
  ])('says where it cannot go on: %s', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('refuses conditions that no person writes', () => {
    expect(problemsOf(`${'('.repeat(100)}true${')'.repeat(100)}`)).toEqual(['60: more than 60 brackets are open']);
    expect(problemsOf('x'.repeat(5000))).toEqual(['0: longer than 4000 characters']);
  });

  it('never throws', () => {
    const words = [
      'e',
      '.count',
      '==',
      '(',
      ')',
      '[',
      ']',
      'some',
      'in',
      'find',
      '"dns-down"',
      'and',
      'not',
      '5m',
      '/a/',
      ',',
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...words)).map((parts) => parts.join(' ')),
        ),
        (text) => {
          problemsOf(text);
        },
      ),
    );
  });
});

describe('names and types', () => {
  it.each([
    ['x.count == 1', '0: unknown name "x"'],
    ['c.devise == "sda"', '0: no fact of disk-failed has a member "devise" (did you mean "device"?)'],
    ['some f in find("dns-dwn")', '15: no signature or tag is called "dns-dwn" (did you mean "dns-down"?)'],
    ['upp("cni")', '0: unknown function "upp" (did you mean "up"?)'],
    ['up("cnii")', '3: unknown component "cnii" (did you mean "cni"?)'],
    ['same(c.node)', '0: same() takes 2 arguments, not 1'],
    ['linked(c.node, e.pod, "mount")', '22: unknown relation "mount" (did you mean "mounts"?)'],
    ['e.count == "three"', '0: cannot compare a number with a text'],
    ['e.text > 5', '0: ">" compares numbers and durations, this is a text'],
    ['e.text', '0: a condition is needed here, this is a text'],
    ['find("dns-down")', '0: a condition is needed here, this is a list of facts'],
    ['e.text matches "x"', '15: "matches" takes a pattern between slashes'],
    ['c near e', '0: "near" needs a window: near [10m] x'],
    ['c before [5] e', '10: a window is made of durations'],
    ['e.text before c', '0: "before" compares facts and times, this is a text'],
    ['some c in find("dns-down")', '0: "c" is already a name here'],
    ['e.text matches /(a+)+b/', '16: repetition inside a repetition: (a+)+'],
    ['e.pod.knode == "a"', '0: an entity has no member "knode" (did you mean "node"?)'],
  ])('rejects %s', (text, problem) => {
    expect(problemsOf(text).some((found) => found.startsWith(problem))).toBe(true);
  });

  it.each([
    'c.device == 4 and c.device == "sda"',
    'c.server == "10.0.0.5" and same(c.server, e.address)',
    'e.pod.node == c.node.name',
    'some p in e.pods where (p.hostNetwork == false)',
    'count(f in find("nobody-has-it") where f.anything == 1) >= 1',
    'setting("cni.socket-load-balancing") == true and not known(c.device)',
    'onset(c) + 5m before e',
  ])('accepts %s', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('knows the types of row attributes', () => {
    expect(problemsOf('row.restarts == "five"', podScope)).toEqual(['0: cannot compare a number with a text']);
    expect(problemsOf('row.ready', podScope)).toEqual([]);
    expect(problemsOf('row.restarts > 10m', podScope)).toEqual(['0: cannot compare a number with a duration']);
    expect(problemsOf('row.ageMs > 600000 and row.ageMs > 10m', podScope)).toEqual([]);
  });

  it('has the attributes of docs/rows.md', () => {
    const documented = new Map<string, string[]>();
    for (const line of readFileSync(new URL('../../docs/rows.md', import.meta.url), 'utf8').split('\n')) {
      const [, kinds, attributes] = /^\| (.+?) \| (.+) \|$/u.exec(line) ?? [];
      if (!kinds || !attributes || /^(?:kind|---|any other)/u.test(kinds)) continue;
      const names = [...attributes.replace(/\([^)]*\)/gu, '').matchAll(/`(\w+)`/gu)].map((match) => match[1] as string);
      for (const kind of kinds.replace(/\([^)]*\)/gu, '').split(',')) documented.set(kind.trim(), names);
    }
    expect([...documented.keys()].sort()).toEqual([...rowKinds].sort());
    for (const [kind, names] of documented) {
      expect([kind, names.filter((name) => !rowAttributes(kind)?.has(name))]).toEqual([kind, []]);
    }
  });
});
