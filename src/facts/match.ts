import type { LogRecord } from '../model/index.ts';
import type { LogSignature } from '../rules/schema.ts';

/** A signature's pattern on one record. */
export interface Match {
  readonly signature: LogSignature;
  readonly record: LogRecord;
  readonly captures: Readonly<Record<string, string>>;
  /** The part of the text that matched, for the quote. */
  readonly matched: string;
  readonly anchor: string;
  /** Records whose lines follow and belong to it (`followed`). */
  readonly followers: readonly LogRecord[];
  /** Lines of the record itself that belong to it in the same way. */
  readonly inside: readonly string[];
}

/** A signature with its compiled patterns. */
export interface CompiledSignature {
  readonly signature: LogSignature;
  readonly pattern: RegExp;
  readonly unless: RegExp | undefined;
  readonly followed: RegExp | undefined;
}

/** Text that a pattern may see; longer lines are cut. */
const MOST_TEXT = 16_384;

export function compileSignature(signature: LogSignature): CompiledSignature {
  const { match } = signature;
  return {
    signature,
    pattern: new RegExp(match.pattern, 'u'),
    unless: match.unless === undefined ? undefined : new RegExp(match.unless, 'u'),
    followed: match.followed === undefined ? undefined : new RegExp(match.followed.pattern, 'u'),
  };
}

function written(record: LogRecord): readonly string[] {
  const message = record.message.slice(0, MOST_TEXT);
  return record.raw === record.message || record.raw === '' ? [message] : [message, record.raw.slice(0, MOST_TEXT)];
}

/** May this record have been written by one of the signature's sources? Unknown writers may. */
function fromSource(record: LogRecord, signature: LogSignature): boolean {
  if (!signature.only || signature.sources.length === 0 || record.unit === undefined) return true;
  const unit = record.unit;
  return signature.sources.some(
    (source) => unit === source || unit.startsWith(`${source}-`) || unit.startsWith(`${source}.`),
  );
}

/** Runs one signature on one record; `followers` yields the records after it in the same stream. */
export function matchRecord(
  compiled: CompiledSignature,
  record: LogRecord,
  followers: (upTo: number) => readonly LogRecord[],
): Match | undefined {
  const { signature, pattern, unless } = compiled;
  const { match } = signature;
  const reason = record.fields['reason'];
  const isEvent = record.kind === 'kube-event';
  if (signature.kind === 'kube-event' && !isEvent) return undefined;
  if (isEvent && match.reasons && (reason === undefined || !match.reasons.includes(reason))) return undefined;
  if (!fromSource(record, signature)) return undefined;
  for (const text of written(record)) {
    const found = pattern.exec(text);
    if (!found) continue;
    if (unless?.test(text)) return undefined;
    const anchor = match.anchors.find((literal) => record.raw.includes(literal)) ?? (match.anchors[0] as string);
    const captures: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) captures[name] = value;
    const joined: LogRecord[] = [];
    const inside: string[] = [];
    if (match.followed && compiled.followed) {
      const parts: string[] = [];
      // A block may also stand inside the record's own text (journal lines that were joined).
      for (const line of record.message.split('\n').slice(1)) {
        if (collect(compiled.followed, line, parts)) inside.push(line);
      }
      for (const next of followers(match.followed.upTo)) {
        if (collect(compiled.followed, next.message, parts)) joined.push(next);
        else if (pattern.test(next.message)) break;
      }
      if (parts.length > 0) captures[match.followed.as] = parts.join(' ');
    }
    return { signature, record, captures, matched: found[0], anchor, followers: joined, inside };
  }
  return undefined;
}

function collect(pattern: RegExp, text: string, into: string[]): boolean {
  const found = pattern.exec(text.slice(0, MOST_TEXT));
  if (!found) return false;
  into.push(Object.values(found.groups ?? {})[0] ?? found[0]);
  return true;
}
