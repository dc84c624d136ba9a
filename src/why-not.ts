import type { Analysis } from './analyze.ts';
import type { Fact, LogRecord } from './model/index.ts';
import { matchedPrefix } from './rules/pattern.ts';
import type { IncidentRule, Link, LogSignature, RowSignature, Signature } from './rules/schema.ts';
import { counted, listed, sentence, shorten } from './text/grammar.ts';
import { plainLine } from './text/markdown.ts';

const MOST_NEAR = 3;
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
        lines.push(
          `Listings that would show it: ${listed(
            complete.map(({ source, line }) => `${source}:${line}`),
            4,
          )}.`,
        );
        lines.push(`Component ${component} (${kind}) is ${stateWord(analysis.facts.state.up(component))}.`);
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
    const writers = signature.sources.length > 0 ? ` It is written by ${listed(signature.sources, 6)}.` : '';
    return [`No line that was read holds ${match.anchors.length > 1 ? 'one of ' : ''}${wanted}.${writers}`];
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

function ofRows(analysis: Analysis, signature: RowSignature): string[] {
  const rows = analysis.facts.state.rows(signature.rows);
  if (rows.length === 0)
    return [
      `No object of kind ${signature.rows} was read: run kubectl get ${signature.rows.toLowerCase()} -A -o yaml.`,
    ];
  const verdicts = rows.map(({ record, row }) => {
    // A row stands where facts stand elsewhere: conditions ask both in the same way.
    const vars = { row } as Parameters<Analysis['facts']['judge']>[2];
    return { record, row, verdict: analysis.facts.judge(signature.id, 'where', vars) };
  });
  const unknown = verdicts.filter(({ verdict }) => verdict.value === 'unknown');
  const shown = [...unknown, ...verdicts.filter(({ verdict }) => verdict.value === false)].slice(0, MOST_NEAR);
  return [
    `${counted(rows.length, 'object')} of kind ${signature.rows}; ${unknown.length} could not be judged. For example:`,
    ...shown.flatMap(({ record, row, verdict }) => [
      `  ${record.ref.source}:${record.ref.line}: ${String(row.values['namespace'] ?? '')}/${String(row.values['name'] ?? '')}`.replace(
        ': /',
        ': ',
      ),
      `    ${String(verdict.value)}: ${sentence(verdict.why)}`,
    ]),
  ];
}

function ofLink(analysis: Analysis, link: Link): string[] {
  const edges = analysis.graph.edges.filter(({ rule }) => rule === link.id);
  if (edges.length > 0) {
    return [
      `${link.id} did join something: ${counted(edges.length, 'edge')}.`,
      ...edges
        .slice(0, MOST_NEAR)
        .map(({ id, weight, basis }) => `  ${id} (weight ${Math.round(weight * 1000) / 1000}, ${basis})`),
    ];
  }
  const causes = factsOf(analysis, analysis.rules.byTag(link.cause));
  const effects = factsOf(analysis, analysis.rules.byTag(link.effect));
  const lines = [
    `${link.id} joined nothing.`,
    `Causes (${link.cause}): ${counted(causes.length, 'fact')}; effects (${link.effect}): ${counted(effects.length, 'fact')}.`,
  ];
  if (causes.length === 0) lines.push(`Nothing found ${link.cause}: ask why-not for its signature.`);
  if (effects.length === 0) lines.push(`Nothing found ${link.effect}: ask why-not for its signature.`);
  const rejected = analysis.graph.rejected.filter(({ rule }) => rule === link.id);
  for (const { from, to, reason, why } of rejected.slice(0, 8)) {
    lines.push(`  ${from} -> ${to}: ${reason.replace(/-/gu, ' ')}, ${why}`);
  }
  if (rejected.length === 0 && causes.length > 0 && effects.length > 0) {
    lines.push(`No pair of them shares its scope (${link.scope})${link.within ? ` within ${link.within}` : ''}.`);
    for (const [c, e] of causes.slice(0, 2).flatMap((c) => effects.slice(0, 2).map((e) => [c, e] as const))) {
      if (link.when === undefined) break;
      const verdict = analysis.facts.judge(link.id, 'when', { c, e });
      lines.push(`  ${c.id} -> ${e.id}: condition ${String(verdict.value)}, ${verdict.why}`);
    }
  }
  return lines;
}

function ofIncident(analysis: Analysis, rule: IncidentRule): string[] {
  const verdicts = analysis.graph.incidents.flatMap(({ patterns }) => patterns.filter(({ id }) => id === rule.id));
  const points = rule.points.map((point, index) => {
    const { value, why } = analysis.facts.judge(rule.id, `points.${index}.when`, {});
    const word = value === 'unknown' ? 'not judgeable' : value ? 'confirmed' : 'not found';
    const run = value === 'unknown' && point.run !== undefined ? `; run ${point.run}` : '';
    return `  ${point.title}: ${word}, ${why}${run}`;
  });
  const verdict = verdicts[0];
  const head = verdict
    ? `${rule.id} is ${verdict.verdict}: ${verdict.min} to ${verdict.max} of ${verdict.total} points.`
    : `${rule.id} was not scored: no incident holds any of its points.`;
  return [head, `It needs ${rule.confirmed} points to be confirmed, ${rule.partial} to be partial.`, ...points];
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
