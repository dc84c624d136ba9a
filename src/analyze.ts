/**
 * The whole pipeline on one screen: bundle → sources → records → clocks → facts → graph → report.
 */

import { createHash } from 'node:crypto';
import { type ClockResult, resolveClocks } from './clocks/index.ts';
import { correlate } from './correlation/index.ts';
import { contrastOf, hasControls } from './facts/controls.ts';
import { type FactSet, findFacts } from './facts/index.ts';
import { createMatcher } from './facts/matcher.ts';
import { nodeLogs } from './facts/node-logs.ts';
import type { Bundle, CausalGraph, EpochMs, ReadSource } from './model/index.ts';
import type { IncidentReport } from './model/report.ts';
import { readSources } from './read.ts';
import { orderMarkers } from './reading/order-markers.ts';
import { buildReport, type RedactionMode, type ReportFile } from './report/index.ts';
import { loadRules } from './rules/load.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { compileLiterals, findInText, type LiteralSet } from './scan/literals.ts';
import { selectionOf } from './select-records.ts';
import { openBundle } from './sources/index.ts';
import { byText } from './text/order.ts';
import { TOOL_VERSION } from './version.ts';

export interface AnalyzeOptions {
  /** Further rule folders; later ones win by id. */
  readonly ruleDirs?: readonly string[];
  readonly builtinRules?: boolean;
  /** IANA name or offset for logs that name no zone. */
  readonly timezone?: string;
  readonly collectedAt?: EpochMs;
  /** Only what happened in between is told. */
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  readonly redact?: RedactionMode;
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Bytes read so far, bytes in all. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** The report, and the stages behind it for `explain`, `why-not` and `inspect`. */
export interface Analysis {
  readonly report: IncidentReport;
  readonly rules: RuleSet;
  readonly sources: readonly ReadSource[];
  readonly clocks: ClockResult;
  readonly facts: FactSet;
  readonly graph: CausalGraph;
}

/** Analyses one incident's files: a folder, an archive, single files, or `-` for standard input. */
export async function analyze(paths: readonly string[], options: AnalyzeOptions = {}): Promise<Analysis> {
  const rules = await loadRules(options.ruleDirs ?? [], options.builtinRules === false ? { builtin: false } : {});
  const bundle = await openBundle(paths, options.stdin ? { stdin: options.stdin } : {});
  try {
    return await analyzeBundle(bundle, rules, options);
  } finally {
    bundle.close();
  }
}

async function analyzeBundle(bundle: Bundle, rules: RuleSet, options: AnalyzeOptions): Promise<Analysis> {
  const literals = compileLiterals(rules.literals.map((literal) => literal.text));
  const matcher = createMatcher(rules.signatures, rules.literals, literalFinder(literals));
  const readOptions = {
    selection: selectionOf(rules, matcher),
    ...(options.onProgress && { onProgress: options.onProgress }),
    markers: orderMarkers(rules.mustOrders),
  };
  // Records without their times are not needed again: nothing may hold them while the graph is built.
  const clocks = resolveClocks(
    await readSources(bundle, literals, followedBy(rules), readOptions),
    bundle.collectionHints,
    {
      ...(options.timezone !== undefined && { timezone: options.timezone }),
      ...(options.collectedAt !== undefined && { collectedAt: options.collectedAt }),
      mustOrders: rules.mustOrders,
    },
  );
  const sources = within(clocks.sources, options);
  const facts = findFacts(
    { sources, volumes: clocks.volumes, collectedAt: clocks.collectedAt?.at, matcher, offset: clocks.offset },
    rules,
  );
  const graph = correlate(facts.facts, rules, {
    judge: facts.judge,
    linked: facts.linked,
    isExcluded: facts.isExcluded,
    contrast: contrastOf(facts.state, facts.index),
    offset: clocks.offset,
    missing: { logsOf: nodeLogs(clocks.volumes, facts.index), hasControls: hasControls(facts.state) },
  });
  const report = buildReport({
    toolVersion: TOOL_VERSION,
    rules,
    bundle: { name: bundle.name, hash: bundleHash(clocks.sources), files: filesOf(clocks) },
    ...(clocks.collectedAt && { collectedAt: { span: clocks.collectedAt.at, basis: clocks.collectedAt.basis } }),
    graph,
    clocks: clocks.clocks,
    diagnostics: [
      ...bundle.diagnostics,
      ...clocks.sources.flatMap((source) => source.diagnostics),
      ...clocks.diagnostics,
    ],
    redact: options.redact ?? 'secrets',
    ...nodesOf(facts),
  });
  return { report, rules, sources, clocks, facts, graph };
}

/** Lines below a literal that some signature wants to see. */
function followedBy(rules: RuleSet): ReadonlyMap<string, number> {
  const followed = new Map<string, number>();
  for (const { text, signatures } of rules.literals) {
    for (const id of signatures) {
      const signature = rules.byId.get(id);
      const upTo = signature && 'match' in signature ? (signature.match.followed?.upTo ?? 0) : 0;
      if (upTo > (followed.get(text) ?? 0)) followed.set(text, upTo);
    }
  }
  return followed;
}

function literalFinder(literals: LiteralSet): (text: string) => readonly number[] {
  return (text) => findInText(literals, text);
}

/** Records without a known time stay: what cannot be placed cannot be excluded. */
function within(sources: readonly ReadSource[], { since, until }: AnalyzeOptions): readonly ReadSource[] {
  if (since === undefined && until === undefined) return sources;
  return sources.map((source) => ({
    ...source,
    records: source.records.filter(
      ({ time, lastTime }) =>
        !time ||
        ((since === undefined || (lastTime ?? time).at.latest >= since) &&
          (until === undefined || time.at.earliest <= until)),
    ),
  }));
}

/** A folder and an archive of it in the bundle hold the same: `node1.zip/kubelet.log` is `node1/kubelet.log`. */
function unpackedPath(path: string): string {
  return path.replaceAll(/\.(?:zip|tar|tgz|tar\.(?:gz|zst|xz|bz2))\//gu, '/');
}

const HASHED_AT_ONCE = 1 << 16;

/** Identity of what was read: names, sizes, line counts and the records that matter; the same for folder and archive. */
function bundleHash(sources: readonly ReadSource[]): string {
  const hash = createHash('sha256');
  const named = sources.map((source) => ({ source, path: unpackedPath(source.path) }));
  for (const { source, path } of named.sort((a, b) => byText(a.path, b.path))) {
    let text = `${path}\0${source.coverage.bytes}\0${source.coverage.lines}\0`;
    for (const { raw } of source.records) {
      text += `${raw}\n`;
      if (text.length >= HASHED_AT_ONCE) {
        hash.update(text);
        text = '';
      }
    }
    hash.update(text);
  }
  return hash.digest('hex');
}

/** Coverage with the first and last time of each file: of all its lines in logs, of its records elsewhere. */
function filesOf({ sources, volumes }: ClockResult): ReportFile[] {
  const byPath = new Map(volumes.map((volume) => [volume.path, volume]));
  return sources.map(({ path, coverage, records }) => {
    const volume = byPath.get(path);
    let [earliest, latest] = [volume?.first?.at, volume?.last?.at];
    for (const { time } of volume?.first && volume.last ? [] : records) {
      if (!time || time.basis === 'age') continue;
      if (!volume?.first && (!earliest || time.at.earliest < earliest.earliest)) earliest = time.at;
      if (!volume?.last && (!latest || time.at.earliest >= latest.earliest)) latest = time.at;
    }
    const [first, last] = [earliest, latest];
    return { ...coverage, ...(first && { first }), ...(last && { last }) };
  });
}

/** Names of the nodes, where a complete listing tells them. */
function nodesOf({ state }: FactSet): { readonly nodes?: readonly string[] } {
  if (!state.listings.some((listing) => listing.kind === 'Node' && listing.complete)) return {};
  const names = state.rows('Node').map((row) => String(row.row.values['name'] ?? ''));
  return { nodes: [...new Set(names)].sort(byText) };
}
