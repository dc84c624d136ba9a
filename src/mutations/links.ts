import { buildEdges, durationMs } from '../correlation/edges.ts';
import type { Edge, EntityKind, EntityRef, Fact } from '../model/index.ts';
import type { Expr } from '../rules/condition/ast.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { Link } from '../rules/schema.ts';
import { type MutationResult, resultOf } from './result.ts';
import { make, type Satisfier } from './satisfy.ts';
import { T0, timed } from './times.ts';
import { copyOf, type Draft, draftOf, emptyWorld, judgeIn, type World } from './world.ts';

/** Pairs of signatures tried for one link until its condition is met. */
const MOST_PAIRS = 64;
const MINUTE_MS = 60_000;
const FAR_MS = 2 * 3_600_000;
const VOLUME_KINDS = ['volume', 'claim', 'device', 'mount', 'nfs-server', 'storage-class'];
/** What has a namespace in its name tells it. */
const NAMESPACED_KINDS = ['pod', 'workload', 'service', 'claim', 'helm-release', 'kustomization', 'git-source'];

/** A cause and its effect in a world; the two are the world's first facts. */
interface Scene {
  readonly link: Link;
  readonly world: World;
  readonly cause: Draft;
  readonly effect: Draft;
}

/**
 * Each link on the smallest pair of facts that it joins, and then on that pair with one thing changed: every change
 * must take the edge away, or move its weight to where the rule says.
 */
export function mutateLink(link: Link, rules: RuleSet, facts: ReadonlyMap<string, Fact>): MutationResult[] {
  const result = (mutation: string, outcome: MutationResult['outcome'] | boolean, why: string) =>
    resultOf(link.id, mutation, outcome, why);
  const pairs = pairsOf(link, rules, facts);
  if (pairs.length === 0) {
    const why = `no two different signatures stand behind ${link.cause} and ${link.effect}`;
    return [result('joins', 'not-testable', why)];
  }
  let last = '';
  for (const [cause, effect] of pairs) {
    const scene = sceneOf(link, cause, effect);
    if (link.when !== undefined) meet(scene, rules, facts, 'when', true);
    const found = edgesOf(scene, rules);
    const missing = graphsOf(link).filter((graph) => !found.some((edge) => edge.graph === graph));
    if (missing.length === 0) {
      return [
        result('joins', true, `${cause.signature} and ${effect.signature}, weight ${weightOf(found).toFixed(2)}`),
        ...mutationsOf(scene, found, rules, facts, result),
      ];
    }
    last = `${cause.signature} and ${effect.signature}: ${whyNone(scene, rules)}`;
  }
  return [result('joins', link.when === undefined ? 'failed' : 'not-testable', last)];
}

type ResultOf = (mutation: string, outcome: MutationResult['outcome'] | boolean, why: string) => MutationResult;

function mutationsOf(
  base: Scene,
  found: readonly Edge[],
  rules: RuleSet,
  facts: ReadonlyMap<string, Fact>,
  result: ResultOf,
): MutationResult[] {
  const { link } = base;
  const changed = (change: (scene: Scene) => void): readonly Edge[] => {
    const scene = sceneCopy(base);
    change(scene);
    return edgesOf(scene, rules);
  };
  const gone = (mutation: string, edges: readonly Edge[], graphs = graphsOf(link)): MutationResult => {
    const left = edges.filter((edge) => graphs.includes(edge.graph));
    return result(
      mutation,
      left.length === 0,
      left.length === 0
        ? 'no edge'
        : `still joined: ${left.map(({ id, weight }) => `${id} ${weight.toFixed(2)}`).join(', ')}`,
    );
  };
  const results: MutationResult[] = [];

  const within = durationMs(link.within);
  if (within !== undefined && link.mode !== 'holds' && link.order !== 'any') {
    const late = changed(({ effect, cause }) => place(effect, (cause.lastSeen?.at.latest ?? T0) + within + MINUTE_MS));
    results.push(gone('beyond-window', late, ['start']));
  }

  const swapped = changed(({ cause, effect }) => {
    place(effect, T0 - FAR_MS);
    place(cause, T0);
  });
  results.push(gone('swapped', swapped, link.order === 'any' ? ['hold'] : ['start', 'hold']));
  if (link.order === 'any' && link.mode !== 'holds') {
    results.push(lower('swapped-states', weightOf(swapped, 'start'), weightOf(found, 'start'), result));
  }

  if (link.scope !== 'any' && link.scope !== 'cluster') {
    results.push(
      gone(
        'other-place',
        changed(({ effect }) => move(effect, link.scope)),
      ),
    );
  }
  results.push(gone('no-cause', edgesWithout(base, rules)));

  if (link.when !== undefined) {
    const scene = sceneCopy(base);
    meet(scene, rules, facts, 'when', false);
    const verdict = judged(scene, rules, 'when');
    results.push(
      verdict.value === true
        ? result('condition-false', 'not-testable', `${link.when} could not be made false`)
        : gone('condition-false', edgesOf(scene, rules)),
    );
  }
  if (link.named !== undefined) results.push(compared('named', 'named', 'higher'));
  link.supports.forEach((_, index) => {
    results.push(compared(`supports-${index}`, `supports.${index}`, 'higher'));
  });
  link.refutes.forEach((_, index) => {
    results.push(compared(`refutes-${index}`, `refutes.${index}`, 'lower'));
  });
  return results;

  /** The same pair with a condition true and with it not true. */
  function compared(mutation: string, property: string, expected: 'higher' | 'lower'): MutationResult {
    const holds = sceneCopy(base);
    meet(holds, rules, facts, property, true);
    const without = sceneCopy(base);
    if (judged(without, rules, property).value === true) meet(without, rules, facts, property, false);
    const [yes, no] = [judged(holds, rules, property), judged(without, rules, property)];
    if (yes.value !== true) return result(mutation, 'not-testable', `could not be made true: ${yes.why}`);
    if (no.value === true) return result(mutation, 'not-testable', `could not be made false: ${no.why}`);
    const [high, low] = [weightOf(edgesOf(holds, rules)), weightOf(edgesOf(without, rules))];
    return expected === 'higher' ? lower(mutation, low, high, result) : lower(mutation, high, low, result);
  }
}

function lower(mutation: string, less: number, more: number, result: ResultOf): MutationResult {
  return result(mutation, less < more, `weight ${less.toFixed(2)} against ${more.toFixed(2)}`);
}

function pairsOf(link: Link, rules: RuleSet, facts: ReadonlyMap<string, Fact>): [Fact, Fact][] {
  const of = (name: string) =>
    rules.byTag(name).flatMap((id) => {
      const fact = facts.get(id);
      return fact && fact.polarity !== 'healthy' && fact.polarity !== 'recovery' ? [fact] : [];
    });
  const effects = of(link.effect);
  return of(link.cause)
    .flatMap((cause) =>
      effects.filter((effect) => effect.signature !== cause.signature).map((effect): [Fact, Fact] => [cause, effect]),
    )
    .slice(0, MOST_PAIRS);
}

/** The cause at noon, the effect well inside of the window, both in one place. */
function sceneOf(link: Link, cause: Fact, effect: Fact): Scene {
  const world = emptyWorld();
  world.facts.push(draftOf(cause), draftOf(effect));
  const scene = { link, world, cause: world.facts[0] as Draft, effect: world.facts[1] as Draft };
  const within = durationMs(link.within) ?? 2 * MINUTE_MS;
  place(scene.cause, T0);
  place(scene.effect, T0 + Math.min(MINUTE_MS, within / 2));
  gather(scene);
  return scene;
}

function sceneCopy({ link, world }: Scene): Scene {
  const copy = copyOf(world);
  return { link, world: copy, cause: copy.facts[0] as Draft, effect: copy.facts[1] as Draft };
}

function place(draft: Draft, at: number): void {
  draft.onset = timed(at);
  draft.lastSeen = timed(at + 1000);
  delete draft.ended;
  draft.members = draft.members.map(({ onset: _, ...member }) => ({ ...member, onset: timed(at) }));
}

function gather({ link, cause, effect }: Scene): void {
  if (link.scope === 'any' || link.scope === 'cluster') return;
  if (link.scope === 'component') {
    effect.component = cause.component ??= effect.component ?? 'example';
    return;
  }
  const [one, other] = [refIn(cause, link.scope), refIn(effect, link.scope)];
  const shared =
    one ?? other ?? (`${link.scope as EntityKind}/${link.scope === 'pod' ? 'default/' : ''}example` as EntityRef);
  for (const draft of [cause, effect]) locate(draft, link.scope, shared);
}

function move(effect: Draft, scope: Link['scope']): void {
  if (scope === 'component') effect.component = 'elsewhere';
  else locate(effect, scope, `${scope as EntityKind}/${scope === 'pod' ? 'default/' : ''}elsewhere` as EntityRef);
}

function refIn(draft: Draft, scope: string): EntityRef | undefined {
  const kinds = scope === 'volume' ? VOLUME_KINDS : [scope];
  return Object.values(draft.entities).find((ref) => kinds.includes(ref.slice(0, ref.indexOf('/'))));
}

/** Puts a fact and all that was folded into it to one place; nothing of that kind is left beside it. */
function locate(draft: Draft, scope: string, ref: EntityRef): void {
  for (const holder of [draft, ...draft.members]) {
    for (const [role, known] of Object.entries(holder.entities)) {
      if (kindsOf(scope).includes(known.slice(0, known.indexOf('/')))) delete holder.entities[role];
    }
    holder.entities[ref.slice(0, ref.indexOf('/'))] = ref;
  }
}

function kindsOf(scope: string): readonly string[] {
  return scope === 'volume' ? VOLUME_KINDS : scope === 'namespace' ? ['namespace', ...NAMESPACED_KINDS] : [scope];
}

function graphsOf(link: Link): Edge['graph'][] {
  return link.mode === 'starts' ? ['start'] : link.mode === 'holds' ? ['hold'] : ['start', 'hold'];
}

function edgesOf({ link, world, cause, effect }: Scene, rules: RuleSet): readonly Edge[] {
  const context = { judge: judgeIn(world, rules), linked: () => undefined, signaturesOf: rules.byTag };
  return buildEdges([link], world.facts, context).edges.filter(
    (edge) => edge.from === cause.id && edge.to === effect.id,
  );
}

function edgesWithout({ link, world, cause, effect }: Scene, rules: RuleSet): readonly Edge[] {
  const left = world.facts.filter((fact) => fact !== cause);
  const context = { judge: judgeIn(world, rules), linked: () => undefined, signaturesOf: rules.byTag };
  return buildEdges([link], left, context).edges.filter((edge) => edge.to === effect.id && edge.from === cause.id);
}

function whyNone({ link, world, cause, effect }: Scene, rules: RuleSet): string {
  const context = { judge: judgeIn(world, rules), linked: () => undefined, signaturesOf: rules.byTag };
  const { rejected } = buildEdges([link], world.facts, context);
  const own = rejected.filter(({ from, to }) => from === cause.id && to === effect.id);
  return own.map(({ reason, why }) => `${reason}, ${why}`).join('; ') || 'no edge and no reason';
}

function weightOf(edges: readonly Edge[], graph?: Edge['graph']): number {
  return Math.max(
    0,
    ...edges.filter((edge) => graph === undefined || edge.graph === graph).map(({ weight }) => weight),
  );
}

function meet(scene: Scene, rules: RuleSet, facts: ReadonlyMap<string, Fact>, property: string, want: boolean): void {
  const condition = rules.condition(scene.link.id, property);
  if (condition) make(condition.expr as Expr, want, satisfierOf(scene, rules, facts, !want));
}

function satisfierOf(scene: Scene, rules: RuleSet, facts: ReadonlyMap<string, Fact>, mayAlter: boolean): Satisfier {
  return {
    mayAlter,
    world: scene.world,
    vars: { c: scene.cause, e: scene.effect },
    resolve: rules.resolve,
    example: (names) => {
      const id = rules.resolve(names).find((one) => facts.has(one));
      return id === undefined ? undefined : facts.get(id);
    },
  };
}

function judged({ link, world, cause, effect }: Scene, rules: RuleSet, property: string) {
  return judgeIn(world, rules)(link.id, property, { c: cause, e: effect });
}
