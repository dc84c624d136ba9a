import type { Fact } from '../model/index.ts';
import type { ReportIncident, Statement } from '../model/report.ts';
import { counted } from '../text/grammar.ts';
import { type IncidentContext, isReached } from './context.ts';
import { entityKind } from './names.ts';
import { statement } from './statement.ts';

/** Tags of failures that take the whole cluster with them. */
const CLUSTER_WIDE: Readonly<Record<string, string>> = {
  'api-down': 'the API server is down',
  'server-start-failed': 'the control plane does not start',
  'etcd-down': 'etcd is down',
  'etcd-no-leader': 'etcd has no leader',
  'etcd-nospace': 'etcd accepts no writes',
  'etcd-corrupt': 'data of etcd is damaged',
  'datastore-down': 'the datastore is down',
  'cluster-dns-down': 'cluster DNS is down',
  'cni-missing': 'the CNI is missing',
  'service-routing-broken': 'service routing is broken',
  'api-vip-unreachable': "pods cannot reach the API's service address",
  'filesystem-damaged': 'a file system is damaged',
};
/** Tags of a degraded cluster service, or of something that blocks delivery or admission. */
const DEGRADED: Readonly<Record<string, string>> = {
  'api-refused': 'the API server refuses connections',
  'api-unreachable': 'the API server cannot be reached from somewhere',
  'api-slow': 'the API server answers late',
  'etcd-slow': 'etcd answers late',
  'etcd-membership': 'a member of etcd is missing',
  'datastore-slow': 'the datastore answers late',
  'controller-down': 'a controller is down',
  'leader-lost': 'a controller lost its lease',
  'cluster-dns-failed': 'lookups through cluster DNS fail',
  'dns-upstream-failed': 'the resolvers behind cluster DNS do not answer',
  'cni-agent-down': 'a CNI agent is down',
  'cni-agent-overloaded': 'a CNI agent refuses requests',
  'cni-config-invalid': 'the CNI configuration is rejected',
  'cni-plugin-missing': 'a CNI plugin is missing',
  'pod-network-broken': 'the pod network is broken in places',
  'service-proxy-down': 'a service proxy is down',
  'ipam-exhausted': 'no pod address is left',
  'ovn-db-failed': 'the network database is down',
  'webhook-failed': 'admission is blocked',
  'source-failed': 'delivery is blocked',
  'reconcile-failed': 'delivery is blocked',
  'helm-failed': 'delivery is blocked',
  'storage-backend-degraded': 'the storage cluster is degraded',
  'kubelet-down': 'a kubelet is down',
  'runtime-down': 'a container runtime is down',
};
const NODE_LOST = ['node-silent', 'kernel-crash', 'node-not-ready', 'node-reboot'];

/**
 * Severity estimate.
 *
 * SEV1: control plane, cluster-wide DNS, CNI or service routing down, half of the nodes lost, or data damaged.
 * SEV2: one of these degraded, a node lost, delivery or admission blocked. SEV3: some workloads. SEV4: nothing seen.
 * Without a listing of the nodes the share of lost ones is of those that the bundle names: less certain, not lower.
 */
export function estimateSeverity(context: IncidentContext): {
  readonly severity: ReportIncident['severity'];
  readonly certainty: ReportIncident['severityCertainty'];
  readonly basis: Statement;
} {
  const facts = context.facts.filter(
    (fact) => (isReached(context, fact) || context.role(fact) === 'unexplained') && fact.polarity !== 'healthy',
  );
  const certainty = context.input.nodes ? 'high' : 'low';
  const result = (severity: ReportIncident['severity'], reason: string, grounds: readonly Fact[]) =>
    ({
      severity,
      certainty,
      basis: statement(`${severity} because ${reason}`, 'derived', {
        evidence: grounds.flatMap((fact) => context.evidence.refs(fact)),
        facts: grounds.map(({ id }) => id),
      }),
    }) as const;

  const wide = firstTagged(context, facts, CLUSTER_WIDE);
  if (wide) return result('SEV1', wide.reason, [wide.fact]);
  const lost = lostNodes(context, facts);
  const known = context.input.nodes?.length ?? knownNodes(context);
  if (lost.names.length > 0 && known > 0 && lost.names.length * 2 >= known) {
    const of = context.input.nodes ? counted(known, 'node') : `${counted(known, 'node')} that the bundle names`;
    return result('SEV1', `${lost.names.length} of ${of} ${lost.names.length === 1 ? 'was' : 'were'} lost`, lost.facts);
  }
  if (lost.names.length > 0) return result('SEV2', `${counted(lost.names.length, 'node')} lost`, lost.facts);
  const degraded = firstTagged(context, facts, DEGRADED);
  if (degraded) return result('SEV2', degraded.reason, [degraded.fact]);
  const hurt = facts.filter((fact) => fact.polarity === 'symptom' || fact.polarity === 'condition');
  const worst = hurt.find((fact) => fact.severity !== 'low');
  return worst
    ? result('SEV3', 'some workloads or parts of a node are affected', [worst])
    : result('SEV4', 'no effect on nodes, services or workloads is shown', facts.slice(0, 1));
}

function firstTagged(context: IncidentContext, facts: readonly Fact[], reasons: Readonly<Record<string, string>>) {
  for (const fact of facts) {
    if (fact.severity === 'low') continue;
    for (const tag of context.tags(fact)) {
      const reason = Object.hasOwn(reasons, tag) ? reasons[tag] : undefined;
      if (reason !== undefined) return { fact, reason };
    }
  }
  return undefined;
}

function nodesOf(fact: Fact): string[] {
  const all = [fact.entities, ...fact.members.map(({ entities }) => entities)];
  return all.flatMap((entities) => Object.values(entities)).filter((ref) => entityKind(ref) === 'node');
}

function lostNodes(context: IncidentContext, facts: readonly Fact[]): { names: string[]; facts: Fact[] } {
  const losing = facts.filter(
    (fact) => fact.polarity !== 'recovery' && context.tags(fact).some((tag) => NODE_LOST.includes(tag)),
  );
  return { names: [...new Set(losing.flatMap(nodesOf))], facts: losing };
}

const nodeCounts = new WeakMap<IncidentContext['input'], number>();

function knownNodes({ input }: IncidentContext): number {
  const known = nodeCounts.get(input);
  if (known !== undefined) return known;
  const count = new Set([...input.graph.facts.values()].flatMap(nodesOf)).size;
  nodeCounts.set(input, count);
  return count;
}
