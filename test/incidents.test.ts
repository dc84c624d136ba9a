import { describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import type { IncidentReport } from '../src/model/report.ts';
import { bundleOf } from './support/fixtures.ts';

async function reportOf(name: string): Promise<IncidentReport> {
  return (await analyze([bundleOf(name)])).report;
}

function patternOf({ incidents }: IncidentReport, id: string) {
  const found = incidents.flatMap(({ patterns }) => patterns).find((pattern) => pattern.id === id);
  return found && { verdict: found.verdict, min: found.min, max: found.max, total: found.total };
}

describe('components that wait for each other', async () => {
  const report = await reportOf('bootstrap-deadlock');
  const [deadlock] = report.incidents.flatMap(({ deadlocks }) => deadlocks);

  it('are broken at the stopped allocator, then by releases applied by hand, then by DNS on the host network', () => {
    const offered = deadlock?.breakAt.map(({ component, cost, safety }) => ({ component, cost, safety }));
    expect(offered?.slice(0, 4)).toEqual([
      { component: 'pod-ip-allocator', cost: 1, safety: 'reversible' },
      { component: 'helm-release cozy-cilium/cilium', cost: 3, safety: 'reversible' },
      { component: 'helm-release cozy-kubeovn/kubeovn', cost: 3, safety: 'reversible' },
      { component: 'cluster-dns', cost: 4, safety: 'disruptive' },
    ]);
  });
  it('have an edge with evidence behind each of them', () => {
    const edges = new Map(report.incidents.flatMap((incident) => incident.edges.map((edge) => [edge.id, edge])));
    const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
    expect(deadlock?.edges.length).toBe(deadlock?.members.length);
    for (const id of deadlock?.edges ?? []) {
      const edge = edges.get(id);
      expect(facts.get(edge?.from ?? '')?.evidence, id).not.toEqual([]);
      expect(facts.get(edge?.to ?? '')?.evidence, id).not.toEqual([]);
    }
  });
  it('were not set off by an image that could not be pulled for half a year', () => {
    const old = report.facts.filter(({ signature }) => signature === 'image-pull-backoff');
    expect(old.map(({ role }) => role)).toEqual(['pre-existing']);
  });
  it('are told from the root on, each step after what led to it', () => {
    const told = report.incidents[0]?.statements.chain ?? [];
    const known = new Set([report.incidents[0]?.hypotheses[0]?.root]);
    for (const { facts } of told) {
      const [cause, effect] = facts;
      expect(known).toContain(cause);
      known.add(effect);
    }
    expect(told.length).toBeGreaterThan(5);
  });
});

describe('a pod network that collapsed', () => {
  it('is confirmed with all of its six symptoms', async () => {
    const verdict = patternOf(await reportOf('pod-network-collapse'), 'pod-network-collapse');
    expect(verdict).toEqual({ verdict: 'confirmed', min: 6, max: 6, total: 6 });
  });
  it('is partial with three of them, and says how many cannot be judged', async () => {
    const verdict = patternOf(await reportOf('pod-network-collapse-partial'), 'pod-network-collapse');
    expect(verdict).toEqual({ verdict: 'partial', min: 3, max: 6, total: 6 });
  });
});

describe('a bootstrap layer that is missing', () => {
  const absent = ({ facts }: IncidentReport) => facts.filter(({ nature }) => nature === 'absence').length;

  it('is told absent from a listing that would have shown it, and only from one', async () => {
    expect(absent(await reportOf('bootstrap-layer-missing'))).toBeGreaterThan(1);
    expect(absent(await reportOf('bootstrap-layer-unknown'))).toBe(0);
  });
  it('is asked for where the listing is missing', async () => {
    const { incidents } = await reportOf('bootstrap-layer-unknown');
    expect(incidents[0]?.hypotheses[0]?.confidence).toBe('low');
    expect(incidents[0]?.questions.map(({ run }) => run)).toContain('kubectl get daemonsets,pods -A');
  });
});
