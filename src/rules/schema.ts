import { z } from 'zod';
import { ENTITY_KINDS, LAYERS } from '../model/layer.ts';

/**
 * The YAML of rules/: what authors may write. Everything is strict: an unknown property is an error.
 * Defaults are filled in here so that the engine never meets an absent property.
 */

const id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, 'an id is kebab-case');
const pairId = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*--[a-z0-9]+(?:-[a-z0-9]+)*$/u, 'two ids in kebab-case: <cause>--<effect>');
const text = z.string().min(1);
const duration = z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/u, 'a duration is a number with ms, s, m, h or d');
const condition = text;
const layer = z.enum(LAYERS);
/** `false` switches a rule of this id off, wherever it comes from. */
const enabled = z.boolean().default(true);
const severity = z.enum(['critical', 'high', 'medium', 'low']);

const remediationStep = z.strictObject({
  id: id.optional(),
  layer,
  title: text,
  /** What to look at first, and what it should say. */
  check: text,
  /** Commands or actions; {{attributes}} of the root fact are filled in, shell-quoted. */
  do: text,
  verify: text,
  safety: z.enum(['read-only', 'reversible', 'disruptive', 'destructive']),
  undo: text.optional(),
  risk: text.optional(),
});

const actionItem = z.strictObject({
  class: z.enum(['prevent', 'detect', 'mitigate', 'process']),
  text,
  done: text,
});

const ask = z.strictObject({ need: text, run: text, tells: text });

/** Repair and prevention that several signatures share: rules/playbooks/<id>.yaml. */
export const playbookSchema = z.strictObject({
  id,
  title: text,
  steps: z.array(remediationStep).min(1),
  actions: z.array(actionItem).default([]),
  questions: z.array(ask).default([]),
});

const match = z.strictObject({
  /** Literals, any of, at least 5 bytes, as they stand in the raw line: no quote or backslash inside. Case-sensitive. */
  anchors: z.array(z.string().min(5)).min(1),
  /** Named groups become attributes. Runs on the match text, flag `u`. */
  pattern: text,
  /** A line that also matches this is not meant. */
  unless: text.optional(),
  /** Group that numbers the attempts: a line of attempt 845 tells of as many. */
  repeats: text.optional(),
  /** Kubernetes Event reasons: only events with one of them. */
  reasons: z.array(text).optional(),
  /** The lines that follow in the same stream: their matches are joined into one attribute. */
  followed: z.strictObject({ as: z.string(), pattern: text, upTo: z.number().int().min(1).max(200) }).optional(),
});

const example = z.strictObject({
  line: text,
  captures: z.record(z.string(), z.string()).optional(),
});
const nearMiss = z.strictObject({ line: text, because: text });

const root = z.strictObject({
  /** Sentence for the hypothesis, with {{attributes}} and {{entities}}: what failed, where, and how it shows. */
  statement: text,
  category: z.enum([
    'storage',
    'node',
    'kernel',
    'memory',
    'runtime',
    'image',
    'control-plane',
    'etcd',
    'certificate',
    'clock',
    'cni',
    'network',
    'service-routing',
    'dns',
    'ingress',
    'webhook',
    'gitops',
    'workload',
    'configuration',
    'external',
  ]),
  playbook: id.optional(),
});

const onset = z.strictObject({
  /** The condition began this long before the report: [least, greatest]; sums of durations and {{captures}} in seconds. */
  back: z.tuple([text, text]).optional(),
  /** Estimate the begin of a crash loop from the restart count. */
  crashLoop: z.literal('restarts').optional(),
  /** A row whose object was never restarted has been in this state since it was made: sets the attribute `sinceMs`. */
  neverStarted: z.literal('restarts').optional(),
  /** A capture that holds an absolute time inside the message: its instant is the onset. */
  at: text.optional(),
  because: text.optional(),
});

const common = {
  id,
  enabled,
  title: text,
  summary: text.optional(),
  entities: z.record(z.string(), text).default({}),
  key: z.array(z.string()).optional(),
  group: z.array(z.string()).optional(),
  episode: z.strictObject({ gap: duration.optional(), closedBy: z.array(id).default([]) }).default({ closedBy: [] }),
  onset: onset.optional(),
  /** Role of the component that the fact is about, where the rule knows it; else found by entity. */
  component: id.optional(),
  polarity: z.enum(['symptom', 'condition', 'change', 'recovery', 'healthy', 'context']).default('symptom'),
  nature: z.enum(['event', 'state', 'configuration', 'resource', 'absence']).default('event'),
  layer,
  severity,
  initiates: z.enum(['external', 'likely', 'possible', 'unlikely', 'never']).default('possible'),
  certainty: z.number().min(0.1).max(1).default(0.9),
  /** Classes for links: ids of rules/tags.yaml. */
  tags: z.array(id).default([]),
  root: root.optional(),
  /** Sentence for the report when the fact is a contributing factor. */
  contributing: text.optional(),
  atLeast: z.strictObject({ count: z.number().int().min(2), within: duration }).optional(),
  references: z.array(z.url()).default([]),
};

const logSignature = z.strictObject({
  ...common,
  kind: z.enum(['log', 'kube-event']),
  /** Who writes it: units, identifiers or formats (`kernel`, `kubelet`). Tells what must be covered before "none". */
  sources: z.array(id).default([]),
  /** True: the line must come from one of `sources` where its writer is known. */
  only: z.boolean().default(false),
  /** True: a last resort, which counts only where no other signature matches the record. */
  fallback: z.boolean().default(false),
  match,
  examples: z.strictObject({ match: z.array(example).min(1), reject: z.array(nearMiss).min(1) }),
});

const rowSignature = z.strictObject({
  ...common,
  kind: z.literal('row'),
  rows: z.string().regex(/^[A-Z]\w+$/u),
  where: condition,
  examples: z.strictObject({
    match: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))).min(1),
    reject: z
      .array(
        z.strictObject({
          row: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
          because: text,
        }),
      )
      .min(1),
  }),
});

const absenceSignature = z.strictObject({
  ...common,
  kind: z.literal('absence'),
  subject: z.strictObject({ kind: text, component: id }),
  /** Kinds whose complete listing proves it. */
  listings: z.array(text).min(1),
  /** A message that proves it without a listing. */
  alsoProvedBy: z.strictObject({ anchors: z.array(z.string().min(5)).min(1), pattern: text }).optional(),
  /** Other roles that may stand in: a CNI that replaces the service proxy. */
  unlessUp: z.array(id).default([]),
  /**
   * What must hold besides a listing: some distributions do the work of the role without a workload of their own, so a
   * listing alone proves little. An explicit NotFound needs no more.
   */
  when: condition.optional(),
});

const silenceSignature = z.strictObject({
  ...common,
  kind: z.literal('silence'),
  /** Writers of this name, or every writer of the node's journal. */
  stream: text,
});

/** A writer whose pid changed within one boot. */
const restartSignature = z.strictObject({
  ...common,
  kind: z.literal('restart'),
  writers: z.array(text).min(1),
});

const derivedSignature = z.strictObject({
  ...common,
  kind: z.literal('derived'),
  when: condition,
  /** Facts that count as its evidence: ids or tags. */
  from: z.array(id).min(1),
});

export const signatureSchema = z.discriminatedUnion('kind', [
  logSignature,
  rowSignature,
  absenceSignature,
  silenceSignature,
  restartSignature,
  derivedSignature,
]);

/** `cause` and `effect` name a signature or a tag. */
export const linkSchema = z.strictObject({
  id: pairId,
  enabled,
  cause: id,
  effect: id,
  mode: z.enum(['starts', 'holds', 'both']).default('starts'),
  /** Entity role that both must share where both know it; `any`: none; `cluster`: one cluster per bundle. */
  scope: z.enum(['node', 'pod', 'namespace', 'volume', 'component', 'cluster', 'any']).default('cluster'),
  within: duration.optional(),
  order: z.enum(['strict', 'loose', 'any']).default('loose'),
  when: condition.optional(),
  confidence: z.enum(['definite', 'strong', 'probable', 'weak']),
  named: condition.optional(),
  supports: z.array(condition).default([]),
  refutes: z.array(condition).default([]),
  oneOf: id.optional(),
  type: z.enum(['causes', 'enables', 'aggravates']).default('causes'),
  mechanism: text,
  ask: z.array(ask).default([]),
});

export const incidentSchema = z.strictObject({
  id,
  enabled,
  title: text,
  points: z
    .array(
      z.strictObject({
        item: id,
        title: text,
        score: z.number().int().min(1).default(1),
        when: condition,
        /** What would settle it. */
        run: text.optional(),
      }),
    )
    .min(2),
  confirmed: z.number().int().min(1),
  partial: z.number().int().min(1),
  root: z.array(id).min(1),
  playbook: id.optional(),
});

export const modelSchema = z.strictObject({
  requires: z.array(
    z.strictObject({
      who: id,
      needs: id,
      hard: z.boolean().default(true),
      scope: z.enum(['node', 'cluster']).default('cluster'),
      via: text,
    }),
  ),
  bypass: z.array(
    z.strictObject({ of: id, cost: z.number().int().min(1).max(9), safety: text, how: text, if: condition.optional() }),
  ),
});

const globs = z.array(text).default([]);
export const rolesSchema = z.array(
  z.strictObject({
    role: id,
    title: text,
    layer,
    /** Globs on workload and pod names, and the namespaces in which they count (all when empty). */
    names: globs,
    namespaces: globs,
    /** Host processes and journal units. */
    units: globs,
    images: globs,
    services: globs,
    /** Roles whose work this one does as well, when it is up: a CNI that replaces the service proxy. */
    provides: z.array(id).default([]),
    /** Kinds of objects that this role brings about: what keeps one of them waiting can be done by hand in its place. */
    reconciles: z.array(z.enum(ENTITY_KINDS)).default([]),
  }),
);

const orderSide = z.strictObject({
  kind: z.enum(['log', 'kube-event', 'row']),
  rows: z
    .string()
    .regex(/^[A-Z]\w+$/u)
    .optional(),
  anchors: z.array(z.string().min(5)).default([]),
  /** Flag `u`; every match of a message counts. */
  pattern: text.optional(),
  /** Equal on both sides; `{{name}}` of groups, fields, columns, node, pod, namespace, unit. */
  key: text,
  /** Field or column with an instant; the first time of the record when absent. */
  time: text.optional(),
  /** Clock that wrote it, as a template: `node/{{node}}`, `apiserver`; that of the record when absent. */
  clock: text.optional(),
  where: z.record(z.string(), z.string()).default({}),
  unless: z.record(z.string(), z.string()).default({}),
  /** Lines that are meant, with the key they give, and lines that look alike and are not. */
  examples: z
    .strictObject({ match: z.array(z.strictObject({ line: text, key: text })), reject: z.array(nearMiss) })
    .optional(),
});

/** Pairs of records that came in this order whatever their clocks show: rules/must-orders.yaml. */
export const mustOrdersSchema = z.array(
  z.strictObject({ id: pairId, because: text, earlier: orderSide, later: orderSide }),
);

export const tagsSchema = z.array(z.strictObject({ id, means: text }));

export type Signature = z.infer<typeof signatureSchema>;
export type LogSignature = z.infer<typeof logSignature>;
export type RowSignature = z.infer<typeof rowSignature>;
export type AbsenceSignature = z.infer<typeof absenceSignature>;
export type SilenceSignature = z.infer<typeof silenceSignature>;
export type RestartSignature = z.infer<typeof restartSignature>;
export type DerivedSignature = z.infer<typeof derivedSignature>;
export type Link = z.infer<typeof linkSchema>;
export type IncidentRule = z.infer<typeof incidentSchema>;
export type Playbook = z.infer<typeof playbookSchema>;
export type DependencyModel = z.infer<typeof modelSchema>;
export type Roles = z.infer<typeof rolesSchema>;
export type MustOrders = z.infer<typeof mustOrdersSchema>;
export type Tags = z.infer<typeof tagsSchema>;
