import { importance } from '../model/importance.ts';
import type { EntityRef, Fact } from '../model/index.ts';
import type { ReportImpact, Statement } from '../model/report.ts';
import { clause, counted, listed } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { type IncidentContext, isReached } from './context.ts';
import { entityKind, entityName, factClause } from './names.ts';
import { statement } from './statement.ts';

const KINDS = {
  nodes: ['node'],
  pods: ['pod'],
  workloads: ['workload', 'kustomization', 'helm-release'],
  services: ['service'],
  namespaces: ['namespace'],
} as const;
const NAMES_SHOWN = 20;

/** What the incident reached: entities that its facts name, never more than the bundle shows. */
export function impactOf(context: IncidentContext): { impact: ReportImpact; statements: Statement[] } {
  const facts = context.facts.filter((fact) => isReached(context, fact) && fact.polarity !== 'healthy');
  const named = facts.flatMap((fact) => entitiesOf(fact).map((ref) => ({ ref, fact })));
  const group = (kinds: readonly string[]) => {
    const hits = named.filter(({ ref }) => kinds.includes(entityKind(ref)));
    const names = [...new Set(hits.map(({ ref }) => entityName(ref)))].sort(byText);
    return {
      count: names.length,
      names: names.slice(0, NAMES_SHOWN),
      facts: [...new Set(hits.map(({ fact }) => fact))],
    };
  };
  const nodes = group(KINDS.nodes);
  const pods = group(KINDS.pods);
  const workloads = group(KINDS.workloads);
  const services = group(KINDS.services);
  const fromPods = pods.names
    .map((name) => name.slice(0, Math.max(0, name.indexOf('/'))))
    .filter((name) => name !== '');
  const declared = group(KINDS.namespaces);
  const namespaceNames = [...new Set([...declared.names, ...fromPods])].sort(byText);
  const components = [...new Set(facts.flatMap(({ component }) => component ?? []))]
    .map(context.roleTitle)
    .sort(byText);
  const known = context.input.nodes?.length ?? null;

  const plain = ({ count, names }: { count: number; names: string[] }) => ({ count, names });
  const impact: ReportImpact = {
    nodes: plain(nodes),
    pods: plain(pods),
    workloads: plain(workloads),
    services: plain(services),
    namespaces: { count: namespaceNames.length, names: namespaceNames.slice(0, NAMES_SHOWN) },
    components: { count: components.length, names: components.slice(0, NAMES_SHOWN) },
    nodesKnown: known,
    blastRadius: blastRadius(nodes.count, known, pods.count, namespaceNames.length, components),
  };

  const statements: Statement[] = [];
  const count = (hits: ReturnType<typeof group>, noun: string, atMost: number) => {
    if (hits.count === 0) return;
    const whole = noun === 'node' && known !== null && known >= hits.count;
    const subject = whole ? `${hits.count} of ${counted(known ?? 0, noun)}` : counted(hits.count, noun);
    const names = hits.names.slice(0, atMost);
    const list =
      hits.count > names.length ? `${names.join(', ')} and ${hits.count - names.length} more` : listed(names);
    statements.push(
      statement(`${subject} affected: ${list}`, 'derived', {
        evidence: hits.facts.flatMap((fact) => context.evidence.refs(fact)),
        facts: hits.facts.map(({ id }) => id),
      }),
    );
  };
  count(nodes, 'node', 8);
  count(workloads, 'workload', 8);
  count(services, 'service', 8);
  count(pods, 'pod', 6);
  for (const fact of userFacing(context)) {
    statements.push(
      statement(clause(factClause(fact)), fact.observed ? 'observed' : 'derived', {
        evidence: context.evidence.refs(fact, 2),
        facts: [fact.id],
      }),
    );
  }
  return { impact, statements };
}

/** The heaviest facts that the incident ends in, five at most. */
function userFacing(context: IncidentContext): Fact[] {
  return context.facts
    .filter((fact) => context.role(fact) === 'impact')
    .sort((a, b) => importance(b) - importance(a) || byText(a.id, b.id))
    .slice(0, 5);
}

function entitiesOf(fact: Fact): EntityRef[] {
  return [fact.entities, ...fact.members.map(({ entities }) => entities)].flatMap((entities) =>
    Object.values(entities),
  );
}

/** Reach of an incident whose bundle tells no place. */
export const NOTHING_NAMED = 'The bundle names no affected node, pod or service.';

function blastRadius(
  nodes: number,
  known: number | null,
  pods: number,
  namespaces: number,
  components: readonly string[],
): string {
  const parts: string[] = [];
  if (nodes > 0)
    parts.push(known !== null && known >= nodes ? `${nodes} of ${counted(known, 'node')}` : counted(nodes, 'node'));
  if (pods > 0) parts.push(`${counted(pods, 'pod')}${namespaces > 0 ? ` in ${counted(namespaces, 'namespace')}` : ''}`);
  if (components.length > 0) parts.push(listed(components, 6));
  return parts.length === 0 ? NOTHING_NAMED : `Reached: ${parts.join('; ')}.`;
}
