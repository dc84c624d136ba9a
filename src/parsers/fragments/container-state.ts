/**
 * How a container ended, cut out of `docker inspect` or another larger output, or written down by hand. Keys are read in any spelling, several may stand on one line.
 *
 *     reason: Completed   exit: 0   signal: None          "OOMKilled": true,
 *     started:  2025-01-31T02:00:00Z                      "ExitCode": 137,
 *     finished: 2025-01-31T02:01:59Z                      "FinishedAt": "2025-…"
 *
 * Whose container it was, such a piece does not say: its row has no name unless path or collector give one.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { endText, isoOf } from '../documents/containers.ts';
import { outputFormat, shareOf } from '../documents/simple-format.ts';
import { instantStamp } from '../documents/stamps.ts';

/** Letters of a key, in lower case, to what it means; `other` belongs to such a piece but is not read. */
const KEYS: ReadonlyMap<string, string> = new Map(
  [
    ['reason', 'reason'],
    ['exitCode', 'exit exitcode exitstatus'],
    ['signal', 'signal'],
    ['started', 'started startedat'],
    ['finished', 'finished finishedat'],
    ['oomKilled', 'oomkilled'],
    ['restarts', 'restartcount restarts'],
    ['message', 'message error'],
    ['state', 'state status laststate laststatus lastterminationstate terminated waiting running'],
    ['other', 'ready paused restarting dead pid containerid container image imageid name'],
  ].flatMap(([meaning = '', names = '']) => names.split(' ').map((name) => [name, meaning] as const)),
);
const NOTHING = /^(?:none|null|nil|<nil>|n\/a|-)?$/iu;
const MOST_LINE = 1000;

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Known keys of a line with their values; empty when it holds none. */
function pairsOf(line: string): readonly Pair[] {
  if (line.length > MOST_LINE) {
    return [];
  }
  const words = line
    .trim()
    .replace(/^[-{ ]+/u, '')
    .split(/\s+/u);
  const pairs: { key: string; value: string[] }[] = [];
  let loose: string[] = [];
  for (const word of words) {
    const found = /^"?([A-Za-z][A-Za-z_-]{0,30})"?[:=](.*)$/su.exec(word);
    const name = found?.[1]?.replace(/[^A-Za-z]/gu, '').toLowerCase();
    const open = pairs.at(-1)?.value ?? loose;
    // `Exit Code:` is one key of two words.
    const before = /^[A-Za-z]+$/u.exec(open.at(-1) ?? '')?.[0].toLowerCase();
    const double = before === undefined || name === undefined ? undefined : KEYS.get(`${before}${name}`);
    const key = name === undefined ? undefined : (double ?? KEYS.get(name));
    if (key === undefined || found === null) {
      open.push(word);
      continue;
    }
    if (double !== undefined) {
      open.pop();
    }
    pairs.push({ key, value: found[2] === '' || found[2] === undefined ? [] : [found[2]] });
    loose = [];
  }
  return loose.length > 0
    ? []
    : pairs.map(({ key, value }) => ({ key, value: value.join(' ').replace(/^["'{ ]+|["',}; ]+$/gu, '') }));
}

function isBracket(line: string): boolean {
  return /^[\s{}[\],]*$/u.test(line);
}

interface Block {
  readonly first: number;
  last: number;
  /** Line of the exit code, else of the reason. */
  at: number;
  readonly values: Map<string, string>;
}

function blocksOf(doc: DocumentBuilder, from: number): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = from; at < doc.lineCount; at += 1) {
    for (const { key, value } of pairsOf(doc.line(at))) {
      let block = blocks.at(-1);
      // A key that was there already, or a further state, begins the next container or its other state.
      if (block === undefined || (block.values.has(key) && key !== 'other') || (key === 'state' && value !== '')) {
        block = { first: at, last: at, at, values: new Map() };
        blocks.push(block);
      }
      block.last = at;
      block.values.set(key, value);
      if (key === 'exitCode' || (key === 'reason' && !block.values.has('exitCode'))) {
        block.at = at;
      }
    }
  }
  return blocks;
}

function addBlock(doc: DocumentBuilder, { first, last, at, values }: Block): void {
  const get = (key: string) => {
    const value = values.get(key);
    return value === undefined || NOTHING.test(value) ? undefined : value;
  };
  const exit = /^-?\d{1,4}$/u.exec(get('exitCode') ?? '')?.[0];
  const reason = get('reason');
  const started = instantStamp(get('started') ?? '');
  const finished = instantStamp(get('finished') ?? '');
  const isOom = get('oomKilled')?.toLowerCase() === 'true';
  const row: Record<string, RowValue> = {};
  const put = (name: string, value: RowValue | undefined) => {
    if (value !== undefined) row[name] = value;
  };
  put('state', (exit === undefined ? get('state') : 'terminated')?.toLowerCase());
  put('container', doc.input.context.container);
  put('pod', doc.input.context.pod);
  put('reason', reason ?? (isOom ? 'OOMKilled' : undefined));
  put('message', get('message'));
  put('exitCode', exit === undefined ? undefined : Number(exit));
  put('started', isoOf(started));
  put('finished', isoOf(finished));
  if (started?.kind === 'instant' && finished?.kind === 'instant' && finished.epochMs >= started.epochMs) {
    row['ranMs'] = finished.epochMs - started.epochMs;
  }
  const restarts = /^\d{1,9}$/u.exec(get('restarts') ?? '')?.[0];
  put('restarts', restarts === undefined ? undefined : Number(restarts));
  if (exit === undefined && reason === undefined) {
    doc.belongs(first, last);
    doc.understood(first);
    return;
  }
  const signal = /^\d{1,3}$/u.exec(get('signal') ?? '')?.[0];
  const message =
    exit === undefined
      ? `${reason ?? ''}${get('message') === undefined ? '' : `: ${get('message')}`}`
      : endText({
          reason: reason ?? (isOom ? 'OOMKilled' : undefined),
          exitCode: Number(exit),
          signal: signal === undefined ? undefined : Number(signal),
        });
  doc.add({
    at,
    kind: 'object',
    message,
    stamp: finished,
    namespace: doc.input.context.namespace,
    pod: doc.input.context.pod,
    container: doc.input.context.container,
    level: exit === '0' ? 'info' : 'warning',
    fields: { state: exit === undefined ? 'waiting' : 'terminated', reason, exitCode: exit },
    row: { kind: 'Container', values: row },
  });
  doc.belongs(first, last);
}

function readStates(doc: DocumentBuilder, from: number): void {
  for (const block of blocksOf(doc, from)) {
    addBlock(doc, block);
  }
  for (let at = from; at < doc.lineCount; at += 1) {
    if (isBracket(doc.line(at))) {
      doc.belongs(at);
    }
  }
}

export const containerState = outputFormat({
  id: 'container-state',
  samples: [
    {
      path: 'last-state.txt',
      text: 'reason: Error   exit: 143   signal: None\nstarted:  2025-01-31T02:00:00Z\nfinished: 2025-01-31T02:01:59Z\n',
    },
    {
      path: 'inspect.txt',
      text: `        "State": {
            "Status": "exited",
            "Running": false,
            "OOMKilled": true,
            "ExitCode": 137,
            "Error": "",
            "StartedAt": "2025-01-31T02:00:00.123456789Z",
            "FinishedAt": "2025-01-31T02:01:00.123456789Z"
        },
`,
    },
  ],
  rate(lines) {
    if (lines.length > 80) {
      return 0;
    }
    const keys = new Set(lines.flatMap((line) => pairsOf(line).map(({ key }) => key)));
    const told = ['reason', 'started', 'finished', 'oomKilled', 'signal'].filter((key) => keys.has(key)).length;
    const share = shareOf(lines, (line) => isBracket(line) || pairsOf(line).length > 0);
    return keys.has('exitCode') && told > 0 && share >= 0.7 ? 0.78 : 0;
  },
  read: readStates,
});
