import type { LogRecord } from '../model/index.ts';
import type { RecordSelection } from '../select-records.ts';

/** So many Events that no signature matches are kept from the beginning, and from the end. */
const ENOUGH_EVENTS = 64;
/** Events have no lines around them that repeat them: more are kept than of a log. */
const EVENTS_PER_BUDGET = 4;

export interface EventKeeper {
  add(records: readonly LogRecord[]): void;
  /** In order of their lines. */
  kept(): LogRecord[];
}

/**
 * Takes the records of a large document without the Events that no signature matches. Of very many with the same
 * signatures the later ones are counted with the last one kept.
 */
export function keepEvents(selection: RecordSelection): EventKeeper {
  const kept: LogRecord[] = [];
  const kinds = new Map<string, { kept: number; last: number; more: number }>();
  let passed = 0;
  let unmatched: LogRecord[] = [];

  /** With texts of its own, so that a few rows do not keep the whole listing in memory. */
  function keep(record: LogRecord): number {
    return kept.push(JSON.parse(JSON.stringify(record)) as LogRecord) - 1;
  }

  function addEvent(record: LogRecord): void {
    const judgement = selection.judge(record);
    if (judgement === undefined) {
      passed++;
      if (passed <= ENOUGH_EVENTS) {
        keep(record);
      } else {
        unmatched.push(record);
        unmatched = unmatched.length > 8 * ENOUGH_EVENTS ? unmatched.slice(-ENOUGH_EVENTS) : unmatched;
      }
      return;
    }
    const known = kinds.get(judgement.kind) ?? { kept: 0, last: 0, more: 0 };
    kinds.set(judgement.kind, known);
    if (known.kept < judgement.budget.free * EVENTS_PER_BUDGET) {
      known.kept++;
      known.last = keep(record);
    } else {
      known.more += record.count ?? 1;
    }
  }

  return {
    add(records) {
      for (const record of records) {
        if (record.kind !== 'kube-event' || record.row !== undefined) {
          keep(record);
        } else {
          addEvent(record);
        }
      }
    },
    kept() {
      for (const { last, more } of kinds.values()) {
        const record = kept[last] as LogRecord;
        if (more > 0) {
          kept[last] = { ...record, count: (record.count ?? 1) + more };
        }
      }
      return [...kept, ...unmatched.slice(-ENOUGH_EVENTS)].sort((a, b) => a.ref.line - b.ref.line || a.seq - b.seq);
    },
  };
}

/** Lines of a large document that are read together. */
interface Slice {
  readonly text: string;
  readonly firstLine: number;
}

const SLICE = 1 << 20;
const HEADER = /^(?:NAMESPACE|NAME|LAST SEEN|FIRST SEEN|TYPE)\s/u;
const EVENT = /\s(?:Normal|Warning)\s/u;

/** The header of a file that is one table of Events and nothing else; `''` where it has none. */
export function eventTableHeader(head: string): string | undefined {
  const [first = '', ...rows] = head.split('\n').slice(0, 200);
  const header = HEADER.test(first) && first.includes('REASON') && first.includes('MESSAGE') ? first : '';
  const lines = header === '' ? [first, ...rows] : rows;
  const isTable = lines.slice(0, -1).every((line) => EVENT.test(line));
  return isTable && lines.length > 100 ? header : undefined;
}

/** Cuts a file at line feeds into slices of about 1 MiB, each with the table's header in front. */
export function* tableSlices(whole: Buffer, header: string): Iterable<Slice> {
  let line = 1;
  for (let from = 0; from < whole.length; ) {
    const feed = whole.indexOf(10, Math.min(whole.length, from + SLICE));
    const end = feed < 0 ? whole.length : feed + 1;
    const text = whole.toString('utf8', from, end);
    yield from === 0 || header === '' ? { text, firstLine: line } : { text: `${header}\n${text}`, firstLine: line - 1 };
    for (let at = whole.indexOf(10, from); at >= 0 && at < end; at = whole.indexOf(10, at + 1)) {
      line++;
    }
    from = end;
  }
}
