import type { AttributeValue, EntityRef, Fact, Row, RowValue, TimeRef } from '../../src/model/index.ts';
import type { Condition } from '../../src/rules/condition/ast.ts';
import type { Scope, Vocabulary } from '../../src/rules/condition/check.ts';
import { compileCondition, tryCondition } from '../../src/rules/condition/compile.ts';
import { type Env, envOf } from '../../src/rules/condition/env.ts';
import { evaluate, type Verdict } from '../../src/rules/condition/evaluate.ts';

/** Minutes after an arbitrary instant, as a time known to the second. */
export function at(minutes: number, untilMinutes: number = minutes, clock = 'node/a'): TimeRef {
  const zero = Date.UTC(2025, 0, 2);
  return {
    at: { earliest: zero + minutes * 60_000, latest: zero + untilMinutes * 60_000 },
    precisionMs: 1000,
    clock,
    basis: 'absolute',
    assumptions: [],
  };
}

interface Given {
  readonly entities?: Record<string, EntityRef>;
  readonly attributes?: Record<string, AttributeValue>;
  readonly text?: string;
  readonly onset?: TimeRef;
  readonly lastSeen?: TimeRef;
  readonly ended?: TimeRef | 'open';
  readonly count?: number;
  readonly countIs?: 'exact' | 'at-least';
  readonly component?: string;
  readonly members?: Fact['members'];
}

export function fact(signature: string, given: Given = {}): Fact {
  return {
    id: `${signature}@${Object.values(given.entities ?? {}).join(',')}`,
    signature,
    title: signature.replaceAll('-', ' '),
    summary: '',
    observed: true,
    entities: {},
    attributes: {},
    text: '',
    count: 1,
    countIs: 'exact',
    polarity: 'symptom',
    nature: 'event',
    severity: 'high',
    layer: 'node',
    initiates: 'possible',
    certainty: 0.9,
    evidence: [],
    members: [],
    ...given,
  };
}

export function row(kind: string, values: Record<string, RowValue>): Row {
  return { kind, values };
}

/** A vocabulary of three signatures; `dns-down` and `dns-slow` share a tag. */
const vocabulary: Vocabulary = {
  resolve: (name) =>
    ({
      'disk-failed': ['disk-failed'],
      'dns-down': ['dns-down'],
      'dns-slow': ['dns-slow'],
      'dns-*': ['dns-down', 'dns-slow'],
      'cluster-dns-failed': ['dns-down', 'dns-slow'],
      'nobody-has-it': [],
    })[name],
  names: ['disk-failed', 'dns-down', 'dns-slow', 'cluster-dns-failed'],
  members: (id) =>
    new Map(
      id === 'disk-failed'
        ? ([
            ['device', 'any'],
            ['stack', 'any'],
            ['server', 'entity'],
          ] as const)
        : ([
            ['address', 'any'],
            ['pod', 'entity'],
          ] as const),
    ),
  components: ['cni', 'cluster-dns', 'kube-apiserver'],
};

const linkScope: Scope = {
  variables: { c: { is: 'fact', names: ['disk-failed'] }, e: { is: 'fact', names: ['cluster-dns-failed'] } },
  vocabulary,
};
export const podScope: Scope = { variables: { row: { is: 'row', kind: 'Pod' } }, vocabulary };

export function problemsOf(text: string, scope: Scope = linkScope): string[] {
  return tryCondition(text, scope).problems.map(({ offset, message }) => `${offset}: ${message}`);
}

export function compiled(text: string, scope: Scope = linkScope): Condition {
  return compileCondition(text, scope);
}

export function judge(text: string, known: Partial<Env>, scope: Scope = linkScope): Verdict {
  return evaluate(compiled(text, scope), envOf({ vars: {}, ...known }));
}

export function judgePod(text: string, values: Record<string, RowValue>): Verdict {
  return judge(text, { vars: { row: row('Pod', values) } }, podScope);
}
