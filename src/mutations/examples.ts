import { resolveClocks } from '../clocks/index.ts';
import { matchRecords } from '../facts/index.ts';
import type { Match } from '../facts/match.ts';
import { createMatcher } from '../facts/matcher.ts';
import type { Bundle, LogRecord, Source } from '../model/index.ts';
import { readSources } from '../read.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { LogSignature, Signature } from '../rules/schema.ts';
import { compileLiterals, findInText } from '../scan/literals.ts';

/** One example of a log or event signature after the whole way of a bundle's file. */
export interface ReadExample {
  readonly signature: LogSignature;
  /** `examples.match.0` */
  readonly example: string;
  readonly line: string;
  /** Why it must not match; undefined where it must. */
  readonly because: string | undefined;
  readonly records: readonly LogRecord[];
  /** Of every signature, not only of its own. */
  readonly matches: readonly Match[];
}

/**
 * Every example of these signatures as a file of its own, read like a bundle's: recognised, scanned for the literals of all signatures,
 * parsed, dated and matched.
 */
export async function readExamples(rules: RuleSet, signatures: readonly Signature[]): Promise<ReadExample[]> {
  const examples = signatures.flatMap((signature) =>
    signature.kind === 'log' || signature.kind === 'kube-event' ? examplesOf(signature) : [],
  );
  const sources = examples.map(({ path, signature, line }) => inMemory(path, asWritten(signature, line)));
  const bundle: Bundle = {
    name: 'examples',
    layout: 'files',
    sources,
    collectionHints: [],
    diagnostics: [],
    close: () => undefined,
  };
  const literals = compileLiterals(rules.literals.map(({ text }) => text));
  const { sources: read } = resolveClocks(await readSources(bundle, literals, new Map()), [], {});
  const matcher = createMatcher(rules.signatures, rules.literals, (text) => findInText(literals, text));
  const byPath = new Map<string, Match[]>();
  for (const match of matchRecords(read, matcher)) {
    const known = byPath.get(match.record.ref.source);
    if (known) known.push(match);
    else byPath.set(match.record.ref.source, [match]);
  }
  const recordsOf = new Map(read.map(({ path, records }) => [path, records]));
  return examples.map(({ path, signature, example, line, because }) => ({
    signature,
    example,
    line,
    because,
    records: recordsOf.get(path) ?? [],
    matches: byPath.get(path) ?? [],
  }));
}

function examplesOf(signature: LogSignature) {
  const { match, reject } = signature.examples;
  const at = (example: string, line: string, because: string | undefined) => ({
    path: `${signature.id}/${example}`,
    signature,
    example,
    line,
    because,
  });
  return [
    ...match.map(({ line }, index) => at(`examples.match.${index}`, line, undefined)),
    ...reject.map(({ line, because }, index) => at(`examples.reject.${index}`, line, because)),
  ];
}

/** Examples of events read `Reason: message`: as a listing prints them they have an object and an age as well. */
function asWritten({ kind }: LogSignature, line: string): string {
  const event = kind === 'kube-event' ? /^(?<reason>[A-Z]\w+): (?<message>.+)$/u.exec(line)?.groups : undefined;
  if (!event) return line;
  const header = 'LAST SEEN   TYPE      REASON                     OBJECT          MESSAGE';
  return `${header}\n5m          Warning   ${event['reason']?.padEnd(26)} pod/example-0   ${event['message']}`;
}

function inMemory(path: string, text: string): Source {
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  return { path, bytes: bytes.length, context: {}, notes: [], read: () => [bytes] };
}
