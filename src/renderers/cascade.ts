import type { IncidentReport, ReportEdge, ReportFact, ReportIncident } from '../model/report.ts';
import { clause } from '../text/grammar.ts';
import { byText } from '../text/order.ts';
import { fromIso, isWide, spanText } from '../time/display.ts';

export const MOST_NODES = 40;
const MOST_EDGES = 60;

export interface CascadeNode {
  readonly id: string;
  readonly title: string;
  readonly time: string;
  readonly layer: ReportFact['layer'];
  readonly isRoot: boolean;
  readonly isDerived: boolean;
  /** Place in display order. */
  readonly order: number;
}

export interface CascadeEdge {
  readonly from: string;
  readonly to: string;
  readonly basis: ReportEdge['basis'];
  readonly type: ReportEdge['type'];
  readonly lag: string;
}

export interface Cascade {
  readonly nodes: readonly CascadeNode[];
  readonly edges: readonly CascadeEdge[];
  /** What was merged or left out, one sentence each. */
  readonly notes: readonly string[];
}

/** The date that a reader of the incident has in mind, as `2025-11-14`. */
export function incidentDay(incident: ReportIncident): string | undefined {
  if (!incident.onset) return undefined;
  const { earliest, latest } = incident.onset;
  return (isWide({ earliest: fromIso(earliest), latest: fromIso(latest) }) ? latest : earliest).slice(0, 10);
}

export function factTime(fact: ReportFact, day?: string): string {
  if (!fact.onset) return '';
  return spanText({ earliest: fromIso(fact.onset.earliest), latest: fromIso(fact.onset.latest) }, day);
}

/**
 * What the diagram of an incident shows: facts that an edge joins, and the edges of the start graph.
 *
 * A link that a path of other links tells already is not drawn. Hold edges belong to the deadlock diagram; one is only drawn where the main chain would be broken without it. Facts
 * off the main chain are merged by component, then dropped from the lightest edge up, until the limits are kept.
 */
export function cascadeOf(report: IncidentReport, incident: ReportIncident, mostNodes = MOST_NODES): Cascade {
  const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
  const order = new Map(incident.facts.map((id, index) => [id, index]));
  const best = incident.hypotheses[0];
  const isNamed = best !== undefined && best.confidence !== 'undetermined';
  const chain = isNamed ? best.chain : [];
  const onChain = new Set(chain);
  const steps = new Set(chain.slice(1).map((id, index) => `${chain[index]}\n${id}`));
  const pairs = new Map<string, ReportEdge>();
  for (const edge of incident.edges) {
    const key = `${edge.from}\n${edge.to}`;
    if (edge.graph === 'hold' && !steps.has(key)) continue;
    const known = pairs.get(key);
    if (
      !known ||
      (known.graph === 'hold' && edge.graph === 'start') ||
      (known.graph === edge.graph && edge.weight > known.weight)
    ) {
      pairs.set(key, edge);
    }
  }
  const told = new Set(incident.statements.chain.flatMap((said) => said.edges));
  const isStep = (edge: ReportEdge) => steps.has(`${edge.from}\n${edge.to}`) || told.has(edge.id);
  const ranked = withoutDetours(
    [...pairs.values()].sort(
      (a, b) => Number(isStep(b)) - Number(isStep(a)) || b.weight - a.weight || byText(a.id, b.id),
    ),
    isStep,
  );

  const notes: string[] = [];
  const joined = new Set([...chain, ...ranked.flatMap(({ from, to }) => [from, to])]);
  const merged = joined.size > mostNodes ? mergeByComponent([...joined], facts, onChain) : new Map<string, string>();
  if (merged.size > 0) notes.push(`Facts of the same component are drawn as one (${merged.size} merged).`);
  const target = (id: string) => merged.get(id) ?? id;

  const kept = new Set<string>(chain.slice(0, mostNodes));
  const drawn = new Map<string, CascadeEdge>();
  let dropped = 0;
  for (const edge of ranked) {
    const from = target(edge.from);
    const to = target(edge.to);
    const key = `${from}\n${to}`;
    if (from === to || drawn.has(key)) continue;
    const fresh = [from, to].filter((id) => !kept.has(id));
    if (drawn.size >= MOST_EDGES || kept.size + fresh.length > mostNodes) {
      dropped++;
      continue;
    }
    for (const id of fresh) kept.add(id);
    drawn.set(key, { from, to, basis: edge.basis, type: edge.type, lag: edge.lag?.text ?? '' });
  }
  if (dropped > 0) notes.push(`The ${dropped} lightest links are left out; the JSON report holds all of them.`);

  const day = incidentDay(incident);
  const nodes = [...kept]
    .flatMap((id) => facts.get(id) ?? [])
    .map((fact): CascadeNode => {
      const others = [...merged.values()].filter((id) => id === fact.id).length;
      return {
        id: fact.id,
        title: others > 0 ? `${clause(fact.title)} (+${others} more)` : clause(fact.title),
        time: factTime(fact, day),
        layer: fact.layer,
        isRoot: isNamed && fact.id === best.root,
        isDerived: !fact.observed,
        order: order.get(fact.id) ?? incident.facts.length,
      };
    })
    .sort((a, b) => a.order - b.order);
  const at = new Map(nodes.map((node, index) => [node.id, index]));
  const place = ({ from, to }: CascadeEdge) => (at.get(from) ?? 0) * nodes.length + (at.get(to) ?? 0);
  return { nodes, edges: [...drawn.values()].sort((a, b) => place(a) - place(b)), notes };
}

const MOST_REDUCED = 1000;

/** Drops links that say no more than a path of other links does, lightest first; steps of the story stay. */
function withoutDetours(ranked: readonly ReportEdge[], isStep: (edge: ReportEdge) => boolean): ReportEdge[] {
  if (ranked.length > MOST_REDUCED) return [...ranked];
  const effects = new Map<string, Set<string>>();
  for (const { from, to } of ranked) effects.set(from, (effects.get(from) ?? new Set()).add(to));
  const dropped = new Set<ReportEdge>();
  for (const edge of [...ranked].reverse()) {
    if (isStep(edge) || edge.type !== 'causes') continue;
    effects.get(edge.from)?.delete(edge.to);
    if (reaches(effects, edge.from, edge.to)) dropped.add(edge);
    else effects.get(edge.from)?.add(edge.to);
  }
  return ranked.filter((edge) => !dropped.has(edge));
}

function reaches(effects: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (current === to) return true;
    if (seen.has(current)) continue;
    seen.add(current);
    open.push(...(effects.get(current) ?? []));
  }
  return false;
}

/** Merged fact → the first fact of the same component and layer; facts of the main chain stand for themselves. */
function mergeByComponent(
  ids: readonly string[],
  facts: ReadonlyMap<string, ReportFact>,
  onChain: ReadonlySet<string>,
): Map<string, string> {
  const heads = new Map<string, string>();
  const merged = new Map<string, string>();
  for (const id of ids) {
    const fact = facts.get(id);
    if (!fact || onChain.has(id)) continue;
    const key = `${fact.layer}/${fact.component ?? fact.signature}`;
    const head = heads.get(key);
    if (head === undefined) heads.set(key, id);
    else merged.set(id, head);
  }
  return merged;
}
