import type { Analysis } from './analyze.ts';
import { buildEdges } from './correlation/edges.ts';
import { judgePattern } from './correlation/patterns.ts';
import { SYSTEM_NAMESPACE } from './facts/state.ts';
import type { Fact, LogRecord, RejectedEdge, Row } from './model/index.ts';
import { envOf } from './rules/condition/env.ts';
import { evaluate } from './rules/condition/evaluate.ts';
import { matchedPrefix } from './rules/pattern.ts';
import type { IncidentRule, Link, LogSignature, RowSignature, Signature } from './rules/schema.ts';
import { counted, listed, sentence, shorten } from './text/grammar.ts';
import { plainLine } from './text/markdown.ts';

const MOST_NEAR = 3;
const MOST_PAIRS = 6;
const MOST_TEXT = 16_384;

/**
 * Why a rule found nothing in a bundle: the condition that failed, and how near it came. One line each.
 *
 * @param id - of a signature, a link or an incident rule
 * @returns undefined when there is no such rule
 */
export function whyNot(analysis: Analysis, id: string): string[] | undefined {
  const signature = analysis.rules.byId.get(id);
  if (signature) return ofSignature(analysis, signature);
  const link = analysis.rules.links.find((rule) => rule.id === id);
  if (link) return ofLink(analysis, link);
  const incident = analysis.rules.incidents.find((rule) => rule.id === id);
  return incident ? ofIncident(analysis, incident) : undefined;
}

function ofSignature(analysis: Analysis, signature: Signature): string[] {
  const found = factsOf(analysis, [signature.id]);
  if (found.length > 0) {
    return [
      `${signature.id} did find something: ${counted(found.length, 'fact')}.`,
      ...found.slice(0, MOST_NEAR).map((fact) => `  ${fact.id}: ${placeOf(fact)}`),
    ];
  }
  const lines = [`${signature.id} found nothing.`];
  switch (signature.kind) {
    case 'log':
    case 'kube-event':
      lines.push(...ofLines(analysis, signature));
      break;
    case 'row':
      lines.push(...ofRows(analysis, signature));
      break;
    case 'absence': {
      const { kind, component } = signature.subject;
      const complete = analysis.facts.state.listings.filter(
        (listing) => signature.listings.includes(listing.kind) && listing.complete,
      );
      if (complete.length === 0)
        lines.push(`No complete listing of ${listed(signature.listings)} was read, so absence cannot be shown.`);
      else {
        const places = listed(
          complete.map(({ source, line }) => `${source}:${line}`),
          4,
        );
        lines.push(
          analysis.facts.state.listed(signature.listings, SYSTEM_NAMESPACE)
            ? `Listings that would show it: ${places}.`
            : `Listings of its kind: ${places}; none shows all of ${SYSTEM_NAMESPACE}, so absence cannot be shown.`,
        );
        lines.push(`Component ${component} (${kind}) is ${stateWord(analysis.facts.state.up(component))}.`);
        if (signature.when !== undefined) {
          const { value, why } = analysis.facts.judge(signature.id, 'when', {});
          lines.push(`A listing alone counts only when ${signature.when}: ${String(value)}, ${sentence(why)}`);
        }
        for (const other of signature.unlessUp)
          lines.push(`${other}, which does the same work, is ${stateWord(analysis.facts.state.up(other))}.`);
      }
      break;
    }
    case 'derived': {
      const verdict = analysis.facts.judge(signature.id, 'when', {});
      lines.push(`Its condition is ${String(verdict.value)}: ${sentence(verdict.why)}`);
      if (verdict.missing !== undefined) lines.push(`It would be settled by: ${verdict.missing}`);
      lines.push(`Facts it can rest on: ${countsOf(analysis, signature.from)}.`);
      break;
    }
    case 'silence': {
      const logs = analysis.sources.filter(({ volume }) => volume !== undefined);
      lines.push(
        `No gap in ${counted(logs.length, 'log')} was long enough beside its usual distance of lines while something else went on.`,
      );
      break;
    }
    case 'restart': {
      const writers = analysis.sources.flatMap(({ volume }) => volume?.writers ?? []);
      const own = writers.filter(({ name }) => signature.writers.includes(name));
      lines.push(
        own.length === 0
          ? `No log has lines of ${listed(signature.writers, 6)}.`
          : `Seen of ${listed(signature.writers, 6)}: ${listed([...new Set(own.map(({ name, pid }) => `${name}[${pid ?? '?'}]`))], 6)}; no change of process id within a boot.`,
      );
      break;
    }
  }
  return lines;
}

function stateWord(state: true | false | 'unknown'): string {
  return state === 'unknown' ? 'not judgeable' : state ? 'up' : 'down';
}

interface NearMiss {
  readonly record: LogRecord;
  readonly step: number;
  readonly why: string;
}

/** Each record with one of the anchors, by how far it got. */
function ofLines(analysis: Analysis, signature: LogSignature): string[] {
  const { match } = signature;
  const records = analysis.sources.flatMap((source) => source.records);
  const anchored = records.filter((record) => holdsAnchor(record, match.anchors));
  const wanted = listed(
    match.anchors.map((anchor) => `"${anchor}"`),
    4,
  );
  if (anchored.length === 0) {
    return [
      `No line that was read holds ${match.anchors.length > 1 ? 'one of ' : ''}${wanted}.`,
      ...coverageOf(analysis, signature.sources),
    ];
  }
  const near = anchored
    .map((record): NearMiss => missOf(record, signature))
    .sort((a, b) => b.step - a.step)
    .slice(0, MOST_NEAR);
  return [
    `${counted(anchored.length, 'record')} ${anchored.length === 1 ? 'holds' : 'hold'} an anchor (${wanted}); the nearest:`,
    ...near.flatMap(({ record, why }) => [
      `  ${record.ref.source}:${record.ref.line}: ${shorten(plainLine(record.raw), 160)}`,
      `    ${why}`,
    ]),
  ];
}

function holdsAnchor(record: LogRecord, anchors: readonly string[]): boolean {
  return anchors.some((anchor) => record.raw.includes(anchor) || record.message.includes(anchor));
}

function missOf(record: LogRecord, { kind, match, only, sources, atLeast }: LogSignature): NearMiss {
  if (kind === 'kube-event' && record.kind !== 'kube-event')
    return { record, step: 0, why: 'It is no Kubernetes Event.' };
  const reason = record.fields['reason'];
  if (record.kind === 'kube-event' && match.reasons && (reason === undefined || !match.reasons.includes(reason))) {
    return { record, step: 1, why: `Its reason is ${reason ?? 'not known'}, not ${listed(match.reasons)}.` };
  }
  if (
    only &&
    record.unit !== undefined &&
    sources.length > 0 &&
    !sources.some((name) => record.unit?.startsWith(name))
  ) {
    return { record, step: 1, why: `It was written by ${record.unit}; the rule takes only ${listed(sources)}.` };
  }
  const text = record.message.slice(0, MOST_TEXT);
  const raw = record.raw.slice(0, MOST_TEXT);
  const pattern = new RegExp(match.pattern, 'u');
  const hit = [text, raw].find((candidate) => pattern.test(candidate));
  if (hit === undefined) {
    const prefix = matchedPrefix(match.pattern, text);
    const why = prefix
      ? `The pattern matches up to "${shorten(prefix.matched, 80)}" and parts there: ${match.pattern.slice(prefix.pattern.length)}`
      : `The pattern does not begin to match: ${match.pattern}`;
    return { record, step: prefix ? 3 : 2, why };
  }
  if (match.unless !== undefined && new RegExp(match.unless, 'u').test(hit)) {
    return { record, step: 4, why: `The pattern matches, but so does "unless": ${match.unless}` };
  }
  if (atLeast)
    return { record, step: 5, why: `It matches, but fewer than ${atLeast.count} within ${atLeast.within} were seen.` };
  return {
    record,
    step: 5,
    why: 'It matches; its entities could not be found, or it lies outside of --since and --until.',
  };
}

/** Would it have been seen at all? Nothing found in a log that is not there says nothing. */
function coverageOf(analysis: Analysis, sources: readonly string[]): string[] {
  if (sources.length === 0) return ['Its rule names no source, so whether it would have been seen cannot be told.'];
  const read = sources.filter((source) => analysis.facts.state.covered(source, undefined) === true);
  return read.length > 0
    ? [`It is written by ${listed(sources, 6)}; read was ${listed(read, 6)}, so it would have been seen there.`]
    : [`It is written by ${listed(sources, 6)}, of which nothing was read: it may have happened unseen.`];
}

function ofRows(analysis: Analysis, signature: RowSignature): string[] {
  const rows = analysis.facts.state.rows(signature.rows);
  if (rows.length === 0)
    return [
      `No object of kind ${signature.rows} was read: run kubectl get ${signature.rows.toLowerCase()} -A -o yaml.`,
    ];
  const seen = new Set<string>();
  const verdicts = rows
    .filter(({ row }) => {
      const key = `${String(row.values['namespace'] ?? '')}/${String(row.values['name'] ?? '')}`;
      return row.values['name'] === undefined || (!seen.has(key) && seen.add(key));
    })
    .map(({ record, row }) => ({ record, row, ...nearness(analysis, signature, row) }));
  const unknown = verdicts.filter(({ value }) => value === 'unknown');
  const shown = [...verdicts].sort(
    (a, b) => b.met - a.met || Number(b.value === 'unknown') - Number(a.value === 'unknown'),
  );
  return [
    `${counted(verdicts.length, 'object')} of kind ${signature.rows}; ${unknown.length} could not be judged. The nearest:`,
    ...shown
      .slice(0, MOST_NEAR)
      .flatMap(({ record, row, value, why, met, parts }) => [
        `  ${record.ref.source}:${record.ref.line}: ${String(row.values['namespace'] ?? '')}/${String(row.values['name'] ?? '')}`.replace(
          ': /',
          ': ',
        ),
        `    ${String(value)}${parts > 1 ? `, ${met} of ${parts} parts hold` : ''}: ${sentence(why)}`,
      ]),
  ];
}

/** How many of a condition's parts hold for a row; one where it has no parts. */
function nearness(analysis: Analysis, signature: RowSignature, row: Row) {
  const condition = analysis.rules.condition(signature.id, 'where');
  if (!condition) return { value: 'unknown' as const, why: 'the rule has no condition', met: 0, parts: 1 };
  const env = envOf({ vars: { row } });
  const { value, why } = evaluate(condition, env);
  const parts = condition.expr.op === 'and' ? condition.expr.items : [condition.expr];
  const met = parts.filter((expr) => evaluate({ text: condition.text, expr }, env).value === true).length;
  return { value, why, met, parts: parts.length };
}

function ofLink(analysis: Analysis, link: Link): string[] {
  const { rules, facts, graph } = analysis;
  const edges = graph.edges.filter(({ rule }) => rule === link.id);
  const causes = factsOf(analysis, rules.byTag(link.cause));
  const effects = factsOf(analysis, rules.byTag(link.effect));
  const all = graph.rejected.filter(({ rule }) => rule === link.id);
  // The list for the whole bundle is cut; of one link all is told.
  const alone = buildEdges([link], facts.facts, {
    judge: facts.judge,
    linked: facts.linked,
    signaturesOf: rules.byTag,
    isExcluded: facts.isExcluded,
  });
  const known = new Set(alone.rejected.map(({ from, to }) => `${from} ${to}`));
  const rejected = [...alone.rejected, ...all.filter(({ from, to }) => !known.has(`${from} ${to}`))];
  const head =
    edges.length > 0
      ? [
          `${link.id} did join something: ${counted(edges.length, 'edge')}.`,
          ...edges
            .slice(0, MOST_NEAR)
            .map(({ id, weight, basis }) => `  ${id} (weight ${Math.round(weight * 1000) / 1000}, ${basis})`),
        ]
      : [`${link.id} joined nothing.`];
  if (edges.length > 0 && rejected.length === 0) return head;
  return [
    ...head,
    ...sideOf(analysis, 'Causes', link.cause, causes),
    ...sideOf(analysis, 'Effects', link.effect, effects),
    ...rejectedLines(analysis, rejected),
    ...(rejected.length === 0 && edges.length === 0 && causes.length > 0 && effects.length > 0
      ? [`No pair of them was tried: findings of one signature, or of health and recovery, are not joined.`]
      : []),
  ];
}

/** One side of a link: what was found, or what could have been and whether it would have been seen. */
function sideOf(analysis: Analysis, word: string, name: string, found: readonly Fact[]): string[] {
  if (found.length > 0)
    return [
      `${word} (${name}): ${counted(found.length, 'fact')}, ${listed(
        found.map(({ id }) => id),
        4,
      )}.`,
    ];
  const ids = analysis.rules.byTag(name);
  const stands = ids.length === 1 && ids[0] === name ? '' : `; it stands for ${listed(ids, 6)}`;
  const unseen = ids.filter((id) => {
    const signature = analysis.rules.byId.get(id);
    return (
      signature !== undefined &&
      'sources' in signature &&
      !signature.sources.some((source) => analysis.facts.state.covered(source, undefined) === true)
    );
  });
  const covered =
    unseen.length === 0 ? [] : [`  Not known to be absent: nothing was read of what writes ${listed(unseen, 6)}.`];
  return [`${word} (${name}): none${stands}. Ask why-not ${ids[0] ?? name}.`, ...covered];
}

function rejectedLines(analysis: Analysis, rejected: readonly RejectedEdge[]): string[] {
  if (rejected.length === 0) return [];
  const nearest = [...rejected].sort((a, b) => NEARNESS.indexOf(b.reason) - NEARNESS.indexOf(a.reason));
  const titleOf = (id: string): string => {
    const fact = analysis.graph.facts.get(id);
    return fact ? `${shorten(plainLine(fact.title), 80)} (${placeOf(fact)})` : id;
  };
  return [
    `Not joined: ${counted(rejected.length, 'pair')}; the nearest:`,
    ...nearest
      .slice(0, MOST_PAIRS)
      .flatMap(({ from, to, reason, why }) => [
        `  ${titleOf(from)} -> ${titleOf(to)}`,
        `    ${REASONS[reason]}${sentence(why)}`,
      ]),
  ];
}

const REASONS: Readonly<Record<RejectedEdge['reason'], string>> = {
  'other-scope': '',
  'excluded-by-time': 'the times exclude it: ',
  'unknown-condition': 'its condition cannot be judged: ',
  refuted: 'refuted: ',
  'too-weak': 'too weak: ',
};

/** From far to near: what concerns something else was never close, what lacked weight nearly was an edge. */
const NEARNESS: readonly RejectedEdge['reason'][] = [
  'other-scope',
  'excluded-by-time',
  'unknown-condition',
  'refuted',
  'too-weak',
];

function ofIncident(analysis: Analysis, rule: IncidentRule): string[] {
  const verdict = judgePattern(rule, analysis.facts.judge);
  const told = analysis.graph.incidents.some(({ patterns }) => patterns.some(({ id }) => id === rule.id));
  const points = verdict.items.map(({ title, state, why, score, run }) => {
    const word = state === 'unknown' ? 'not judgeable' : state === 'confirmed' ? 'confirmed' : 'not found';
    const weight = score === 1 ? '' : ` (${counted(score, 'point')})`;
    return `  ${title}${weight}: ${word}, ${sentence(why)}${state === 'unknown' && run !== undefined ? ` Run ${run}.` : ''}`;
  });
  const range = verdict.min === verdict.max ? String(verdict.min) : `${verdict.min} to ${verdict.max}`;
  const missing = rule.confirmed - verdict.min;
  const near =
    missing <= 0
      ? ''
      : verdict.max >= rule.confirmed
        ? ` ${counted(missing, 'point')} short, which the points that are not judgeable could bring.`
        : ` ${counted(missing, 'point')} short, and no more than ${counted(verdict.max, 'point')} can be reached.`;
  return [
    `${rule.id} ${verdict.verdict === 'partial' && verdict.min < rule.partial ? 'cannot be judged' : `is ${verdict.verdict}`}: ${range} of ${verdict.total} points.`,
    `It needs ${counted(rule.confirmed, 'point')} to be confirmed, ${rule.partial} to be partial.${near}`,
    ...(told || verdict.min < rule.partial ? [] : ['No incident holds any of its findings.']),
    ...points,
  ];
}

function factsOf(analysis: Analysis, signatures: readonly string[]): Fact[] {
  const wanted = new Set(signatures);
  return analysis.facts.facts.filter(({ signature }) => wanted.has(signature));
}

function countsOf(analysis: Analysis, names: readonly string[]): string {
  return listed(names.map((name) => `${name} ${factsOf(analysis, analysis.rules.byTag(name)).length}`));
}

function placeOf(fact: Fact): string {
  const first = fact.evidence[0];
  return first ? `${first.ref.source}:${first.ref.line}` : 'no line of its own';
}
