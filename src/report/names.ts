import type { EntityRef, Fact } from '../model/index.ts';
import { clause } from '../text/grammar.ts';
import { shortCause } from '../text/short-cause.ts';
import { fillTemplate } from '../text/template.ts';

/** `worker-1` of `node/worker-1`, `kube-system/coredns-x` of `pod/kube-system/coredns-x`. */
export function entityName(ref: EntityRef | string): string {
  const slash = ref.indexOf('/');
  return slash < 0 ? ref : ref.slice(slash + 1);
}

export function entityKind(ref: EntityRef | string): string {
  const slash = ref.indexOf('/');
  return slash < 0 ? '' : ref.slice(0, slash);
}

/** What a rule's `{{name}}` stands for: a capture, else an entity's name, else a property of the fact. */
export function factValue(fact: Fact, name: string): string | undefined {
  if (Object.hasOwn(fact.attributes, name)) return String(fact.attributes[name]);
  if (Object.hasOwn(fact.entities, name)) return entityName(fact.entities[name] ?? '');
  if (name === 'count') return String(fact.count);
  if (name === 'component') return fact.component;
  return undefined;
}

/** A rule's sentence about its fact; of a fact that stands for several, what is said of the first and how many more. */
export function fillFromFact(template: string, fact: Fact): string {
  const filled = clause(fillFrom(template, fact));
  const others = new Set(
    fact.members.slice(0, MOST_COMPARED).map((member) => clause(fillFrom(template, { ...fact, ...member }))),
  );
  others.delete(filled);
  return others.size === 0 ? filled : `${filled} (and ${others.size} more like it)`;
}

const MOST_COMPARED = 200;

function fillFrom(template: string, fact: Fact): string {
  return fillTemplate(template, (name) => {
    const value = factValue(fact, name);
    return value === undefined ? undefined : shortCause(value);
  });
}

/** The fact as a clause: its summary, or its title where the rule has none; the title where it stands for several. */
export function factClause(fact: Fact): string {
  return clause((fact.members.length > 1 ? fact.title : fact.summary) || fact.title);
}

const PLACES = ['pod', 'workload', 'service', 'volume', 'mount', 'device', 'node', 'namespace'] as const;

/** Where it happened, most telling first; empty where the bundle does not say. */
export function whereabouts(fact: Fact): string {
  const names = PLACES.flatMap((kind) => Object.values(fact.entities).filter((ref) => entityKind(ref) === kind));
  const first = names[0];
  if (first === undefined) return '';
  const node = names.find((ref) => entityKind(ref) === 'node');
  const place = entityName(first);
  return node === undefined || node === first ? place : `${place} on ${entityName(node)}`;
}
