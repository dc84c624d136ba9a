import type { EntityRef, Fact, Row, RowValue } from '../../model/index.ts';
import { assumedOffset, type ClockOffset } from '../../time/clock-offset.ts';

/** Kleene's three values. */
export type Tri = boolean | 'unknown';

/** Facts and rows are asked as they are; nothing needs to be wrapped. */
type FactView = Fact;
type RowView = Row;

/**
 * What a condition may ask about the bundle. The facts and correlation side answers.
 *
 * Answers are about the bundle, never guessed: what was not collected is `unknown` or `undefined`.
 */
export interface Env {
  /** `c`, `e`, `row`. */
  readonly vars: Readonly<Record<string, FactView | RowView>>;
  /** Facts of signatures by id, tag or glob, in display order. */
  find(names: readonly string[]): readonly FactView[];
  /** Would facts of these names have been seen, in the scope and window of the facts of `vars`? */
  provable(names: readonly string[], vars: Env['vars']): Tri;
  rows(kind: string): readonly RowView[];
  /** Is there a complete listing of this kind? */
  listed(kind: string): Tri;
  /** Was a source (`kernel`, `kubelet`, `workloads`, …) collected, for a node, namespace or as a whole? */
  covered(source: string, scope: string | undefined): Tri;
  up(component: string): Tri;
  down(component: string): Tri;
  setting(key: string): RowValue | undefined;
  /** Are two entities joined by relations, at most four apart, one of them of the named type? */
  linked(a: EntityRef, b: EntityRef, relation: string | undefined): Tri;
  /** Does component, release or workload `a` need `b`? */
  requires(a: string, b: string): Tri;
  /** Entities of a kind next to this one: `pod/…` → `node`. Undefined where nothing is known. */
  related(entity: EntityRef, kind: string): readonly EntityRef[] | undefined;
  /** The state of an entity at collection: an attribute of its row. */
  attribute(entity: EntityRef, name: string): RowValue | undefined;
  /** How far two clocks may be apart. */
  offset: ClockOffset;
}

/** An environment that knows only what is given: for row conditions and tests. */
export function envOf(known: Partial<Env> & Pick<Env, 'vars'>): Env {
  return {
    find: () => [],
    provable: () => 'unknown',
    rows: () => [],
    listed: () => 'unknown',
    covered: () => 'unknown',
    up: () => 'unknown',
    down: () => 'unknown',
    setting: () => undefined,
    linked: () => 'unknown',
    requires: () => 'unknown',
    related: () => undefined,
    attribute: () => undefined,
    offset: assumedOffset,
    ...known,
  };
}
