import type { LogRecord, LogVolume, Source, Writer } from '../model/index.ts';
import type { Scan } from '../scan/scan.ts';

/** Lines of one large log that are read again because silences and restarts are told by them. */
const MAX_TOLD_LINES = 512;
const MAX_TOLD_TEXT = 4096;
/** A name with more processes (cron, sshd) is no service that was started again. */
const MAX_INSTANCES = 32;

/** Adds the lines by which silences and restarts are told: of programs that were started again, around the gaps. */
export function addToldLines(
  records: LogRecord[],
  { volume, offsets }: Scan,
  source: Pick<Source, 'read'>,
  read: (line: number, text: string) => readonly LogRecord[],
): void {
  const known = new Set(records.map(({ ref }) => ref.line));
  const told = new Set([
    ...[volume.firstLine, volume.lastLine].flatMap((line) => line ?? []),
    ...volume.gaps.flatMap(({ from, to }) => [from.line, to.line]),
    ...restarted(volume).flatMap(({ firstLine, lastLine }) => [firstLine, lastLine]),
  ]);
  const wanted = [...told]
    .filter((line) => !known.has(line) && offsets.has(line))
    .sort((a, b) => a - b)
    .slice(0, MAX_TOLD_LINES);
  if (wanted.length === 0) {
    return;
  }
  const texts = linesAt(
    source,
    wanted.map((line) => offsets.get(line) as number),
  );
  wanted.forEach((line, at) => {
    records.push(...read(line, texts[at] ?? '').slice(0, 1));
  });
  records.sort((a, b) => a.ref.line - b.ref.line || a.seq - b.seq);
}

/** Writers of one name that went on under another process id. */
function restarted({ writers }: LogVolume): readonly Writer[] {
  const byName = new Map<string, Writer[]>();
  for (const writer of writers) {
    if (writer.pid !== undefined) {
      const name = `${writer.node ?? ''} ${writer.name}`;
      const known = byName.get(name);
      if (known === undefined) {
        byName.set(name, [writer]);
      } else {
        known.push(writer);
      }
    }
  }
  return [...byName.values()].flatMap((list) => (list.length > 1 && list.length <= MAX_INSTANCES ? list : []));
}

/** Text of the lines that begin at these bytes, ascending; each cut at 4 KiB. */
function linesAt(source: Pick<Source, 'read'>, offsets: readonly number[]): string[] {
  const texts: string[] = [];
  let open: Buffer[] = [];
  let begin = 0;
  let at = 0;
  const finish = () => {
    const text = Buffer.concat(open).toString('utf8');
    const end = text.indexOf('\n');
    texts.push(end < 0 ? text : text.slice(0, end));
    open = [];
  };
  for (const chunk of source.read()) {
    const end = at + chunk.length;
    let offset = offsets[texts.length];
    while (offset !== undefined && offset < end) {
      const from = Math.max(offset, begin, at);
      const stop = Math.min(end, offset + MAX_TOLD_TEXT);
      const part = chunk.subarray(from - at, stop - at);
      open.push(Buffer.from(part));
      begin = stop;
      if (stop === end && stop < offset + MAX_TOLD_TEXT && !part.includes(10)) {
        break;
      }
      finish();
      begin = 0;
      offset = offsets[texts.length];
    }
    at = end;
    if (offset === undefined) {
      break;
    }
  }
  if (open.length > 0) {
    finish();
  }
  return texts;
}
