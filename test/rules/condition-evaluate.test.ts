import { describe, expect, it } from 'vitest';
import type { Tri } from '../../src/rules/condition/env.ts';
import { at, fact, judge, judgePod, row } from './conditions.ts';

const T = 'true';
const F = 'false';
const U = 'unknown';

describe('three values', () => {
  it.each([
    [`${T} and ${U}`, 'unknown'],
    [`${F} and ${U}`, false],
    [`${T} or ${U}`, true],
    [`${F} or ${U}`, 'unknown'],
    [`not ${U}`, 'unknown'],
    [`not ${T}`, false],
    [`${U} or ${F} or ${T}`, true],
    [`${U} and (${T} or ${F})`, 'unknown'],
  ] satisfies readonly (readonly [string, Tri])[])('%s is %s', (text, value) => {
    expect(judge(text, {}).value).toBe(value);
  });

  it('takes a cell that is not shown for unknown, and an absent one in a decided "or" for no matter', () => {
    expect(judgePod('row.restarts >= 5', {})).toMatchObject({ value: 'unknown', missing: 'row.restarts is not shown' });
    expect(judgePod('row.restarts >= 5 or row.status == "Error"', { status: 'Error' }).value).toBe(true);
    expect(judgePod('known(row.restarts)', {}).value).toBe(false);
  });
});

describe('rows', () => {
  it.each([
    [
      'row.status == "CrashLoopBackOff" or (row.restarts >= 5 and row.ready == false)',
      { restarts: 7, ready: false },
      true,
    ],
    ['row.ready', { ready: true }, true],
    ['row.status in ["Error", "Unknown"]', { status: 'Unknown' }, true],
    ['"MemoryPressure" in row.conditionsFalse', { conditionsFalse: ['Ready', 'MemoryPressure'] }, true],
    ['row.images matches /coredns/', { images: ['a/pause', 'b/coredns:1'] }, true],
    ['row.images matches /flannel/', { images: ['a/pause', 'b/coredns:1'] }, false],
    ['row.ageMs > 600000', { ageMs: 600_001 }, true],
    ['age(row) > 1h', { ageMs: 3_600_001 }, true],
    ['row.status != "Running"', { status: 'Running' }, false],
    ['some v in row.volumes where (v == "data")', { volumes: ['data'] }, true],
    ['count(v in row.volumes) >= 2', { volumes: ['data'] }, false],
  ] as const)('%s', (text, values, value) => {
    expect(judgePod(text, values).value).toBe(value);
  });

  it('says how near a number came', () => {
    expect(judgePod('row.restarts >= 5', { restarts: 3 }).why).toBe('row.restarts is 3, needed is >= 5 (2 away)');
  });
});

describe('facts', () => {
  const c = fact('disk-failed', {
    entities: { node: 'node/a', server: 'nfs-server/10.0.0.5' },
    attributes: { device: 'sda', code: '12' },
  });
  const e = fact('dns-down', {
    entities: { node: 'node/a' },
    text: 'lookup via 10.0.0.5:53 failed',
    count: 4,
    countIs: 'at-least',
    members: [
      { entities: { pod: 'pod/ns/one' }, attributes: {}, count: 1 },
      { entities: { pod: 'pod/ns/two' }, attributes: {}, count: 1 },
    ],
  });
  const known = { vars: { c, e } };

  it.each([
    ['same(c.node, e.node)', true],
    ['c.server == "10.0.0.5"', true],
    ['mentions(e, c.server)', true],
    ['mentions(e, "0.0.5")', false],
    ['mentions(e, "10.0.0")', false],
    ['e.pod == "ns/two"', true],
    ['e.pod == "three"', false],
    ['count(p in e.pods) == 2', true],
    ['e.count >= 3', true],
    ['e.count >= 9', 'unknown'],
    ['e.count < 3', false],
    ['same(c.pod, e.node)', 'unknown'],
    ['e.text matches /lookup .{0,40} failed/', true],
  ] satisfies readonly (readonly [string, Tri])[])('%s is %s', (text, value) => {
    expect(judge(text, known).value).toBe(value);
  });

  it('reads the state of an entity and what is next to it', () => {
    const env = {
      ...known,
      attribute: (entity: string, name: string) => (name === 'hostNetwork' ? entity === 'pod/ns/one' : undefined),
      related: (entity: string, kind: string) =>
        kind === 'node' && entity === 'pod/ns/one' ? (['node/a'] as const) : undefined,
    };
    expect(judge('some p in e.pods where (p.hostNetwork == false)', env).value).toBe(true);
    expect(judge('every p in e.pods where (p.hostNetwork == false)', env).value).toBe(false);
    expect(judge('e.pod.node == "a"', env).value).toBe(true);
  });
});

describe('quantifiers and coverage', () => {
  const down = fact('dns-down', { entities: { pod: 'pod/ns/one' }, component: 'cluster-dns' });
  const slow = fact('dns-slow', { entities: { pod: 'pod/ns/two' }, component: 'cni' });
  const found = { find: () => [down, slow] };

  it('says "no" only where the sources were covered', () => {
    const text = 'no f in find("dns-*") where (f.component == "kube-apiserver")';
    expect(judge(text, { ...found, provable: () => true }).value).toBe(true);
    expect(judge(text, found)).toMatchObject({ value: 'unknown', missing: 'facts of dns-*' });
    expect(judge('no f in find("dns-*") where (f.component == "cni")', found).value).toBe(false);
  });

  it('finds what is there whatever was covered, and names it', () => {
    expect(judge('some f in find("dns-*") where (f.component == "cni")', found)).toMatchObject({
      value: true,
      facts: [slow.id],
    });
    expect(judge('some f in find("dns-*") where (f.component == "kube-apiserver")', found).value).toBe('unknown');
  });

  it('takes a count for a lower bound where coverage is partial', () => {
    const text = 'count(f in find("dns-*") by f.component) >= ';
    expect(judge(`${text}2`, found)).toMatchObject({ value: true, facts: [down.id, slow.id] });
    expect(judge(`${text}3`, found).value).toBe('unknown');
    expect(judge(`${text}3`, { ...found, provable: () => true }).value).toBe(false);
    expect(judge(`${text}3`, { ...found, provable: () => true }).why).toContain('(1 away)');
  });

  it('counts by key', () => {
    const twice = { find: () => [down, fact('dns-slow', { component: 'cluster-dns' })], provable: () => true as const };
    expect(judge('count(f in find("dns-*") by f.component) == 1', twice).value).toBe(true);
    expect(judge('count(f in find("dns-*")) == 2', twice).value).toBe(true);
  });

  it('does not know "every" over nothing', () => {
    expect(judge('every f in find("dns-*") where (f.count > 0)', { provable: () => true }).value).toBe('unknown');
  });

  it('asks listings for rows', () => {
    const pods = { rows: () => [row('Pod', { name: 'a', ready: true })] };
    expect(judge('no p in rows("Pod") where (p.ready == false)', { ...pods, listed: () => true }).value).toBe(true);
    expect(judge('no p in rows("Pod") where (p.ready == false)', pods).value).toBe('unknown');
  });
});

describe('times', () => {
  it.each([
    ['c before e', at(0), at(5), true],
    ['c before e', at(5), at(0), false],
    ['c before e', at(0, 10), at(2), false],
    ['c possibly before e', at(0, 10), at(2), true],
    ['c definitely before e', at(0, 10), at(2), false],
    ['c definitely before e', at(0, 2), at(2, 4), true],
    ['c after e', at(5), at(0), true],
    ['c before [0s, 30m] e', at(0), at(29), true],
    ['c before [0s, 30m] e', at(0), at(31), false],
    ['c before [0s, *] e', at(0), at(5000), true],
    ['c before [10m, 30m] e', at(0), at(5), false],
    ['c definitely before [0s, 30m] e', at(0, 2), at(29, 31), false],
    ['c possibly before [0s, 30m] e', at(0, 2), at(31, 35), true],
    ['c near [10m] e', at(12), at(5), true],
    ['c near [5m] e', at(12), at(5), false],
    ['onset(c) + 10m before e', at(0), at(5), false],
  ] as const)('%s', (text, cause, effect, value) => {
    const vars = { c: fact('disk-failed', { onset: cause }), e: fact('dns-down', { onset: effect }) };
    expect(judge(text, { vars }).value).toBe(value);
  });

  it('allows for two clocks', () => {
    const vars = {
      c: fact('disk-failed', { onset: at(0) }),
      e: fact('dns-down', { onset: at(-0.02, -0.02, 'node/b') }),
    };
    expect(judge('c possibly before e', { vars }).value).toBe(true);
    expect(judge('c possibly before e', { vars, offset: () => ({ least: 0, greatest: 0 }) }).value).toBe(false);
  });

  it('knows nothing where an onset is not known', () => {
    const vars = { c: fact('disk-failed'), e: fact('dns-down', { onset: at(0) }) };
    expect(judge('c before e', { vars })).toMatchObject({ value: 'unknown', missing: 'when "disk failed" began' });
  });

  it('compares with episodes', () => {
    const e = fact('dns-down', { onset: at(0), lastSeen: at(10), ended: 'open' });
    const closed = fact('dns-down', { onset: at(0), lastSeen: at(10), ended: at(12) });
    const late = fact('disk-failed', { onset: at(20) });
    expect(judge('c during e', { vars: { c: late, e } }).value).toBe(true);
    expect(judge('c during e', { vars: { c: late, e: closed } }).value).toBe(false);
    expect(judge('c overlaps e', { vars: { c: fact('disk-failed', { onset: at(5) }), e: closed } }).value).toBe(true);
  });

  it('says by how much a window was missed', () => {
    const vars = { c: fact('disk-failed', { onset: at(0) }), e: fact('dns-down', { onset: at(45) }) };
    expect(judge('c before [0s, 30m] e', { vars }).why).toBe(
      '"disk failed" began 45 min before "dns down"; 0 ms to 30 min is allowed, missed by 15 min',
    );
  });
});

describe('questions to the bundle', () => {
  it.each([
    ['up("cni")', { up: () => true }, true],
    ['not up("cni")', {}, 'unknown'],
    ['down("cni")', { down: () => false }, false],
    ['covered("kernel", "a")', { covered: (_: string, scope: string | undefined) => scope === 'a' }, true],
    ['setting("x") == true', { setting: () => true }, true],
    ['setting("x") == true', {}, 'unknown'],
    [
      'requires("cni", "cluster-dns")',
      { requires: (a: string, b: string) => a === 'cni' && b === 'cluster-dns' },
      true,
    ],
  ] as const)('%s', (text, known, value) => {
    expect(judge(text, known).value).toBe(value);
  });

  it('hands relations the entities', () => {
    const c = fact('disk-failed', { entities: { server: 'nfs-server/a' } });
    const e = fact('dns-down', { entities: { pod: 'pod/ns/one' } });
    const asked: unknown[] = [];
    judge('linked(e.pod, c.server, "mounts")', {
      vars: { c, e },
      linked: (...question) => {
        asked.push(question);
        return true;
      },
    });
    expect(asked).toEqual([['pod/ns/one', 'nfs-server/a', 'mounts']]);
  });
});
