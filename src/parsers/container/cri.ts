/**
 * CRI logs: what containerd and CRI-O write below /var/log/pods.
 *
 *     2016-10-06T00:17:09.669794202Z stdout P log content 1
 *     2016-10-06T00:17:09.669794203Z stderr F other
 *     2016-10-06T00:17:09.669794204Z stdout F  and more
 *
 * Time, stream, tags (`P`: the line goes on in the next one of its stream; `F`: it is complete), content. Runtimes cut
 * at 16 KiB. Joining is the reader's work. Format: kubelet's kuberuntime/logs.
 */
import { byteCursor, parseRfc3339, readRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { instantOf } from '../stamps.ts';

const TAGS = /^ (stdout|stderr) ([PF])(?::[^\s]{0,64})?(?: |$)/u;
const STDOUT = [...' stdout '].map((char) => char.charCodeAt(0));
const STDERR = [...' stderr '].map((char) => char.charCodeAt(0));
const cursor = byteCursor();

export const cri: LineFormat = {
  kind: 'lines',
  id: 'cri',
  role: 'envelope',
  parse(line) {
    const time = parseRfc3339(line);
    const tags = time === undefined ? null : TAGS.exec(line.slice(time.length, time.length + 80));
    if (time === undefined || time.comma || tags === null) {
      return undefined;
    }
    return {
      stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs },
      message: line.slice(time.length + tags[0].length),
      stream: tags[1] ?? '',
      ...(tags[2] === 'P' ? { partial: true } : {}),
    };
  },
  timeAt(bytes, start, end) {
    const value = readRfc3339(bytes, start, end, cursor);
    if (
      value < 0 ||
      cursor.comma ||
      !(follows(bytes, cursor.at, end, STDOUT) || follows(bytes, cursor.at, end, STDERR))
    ) {
      return -1;
    }
    return hasTags(bytes, cursor.at + 8, end) ? value : -1;
  },
  stampOf: instantOf,
  samples: [
    {
      text: '2016-10-06T00:17:09.669794202Z stdout P log content 1',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_475_713_029_669, precisionMs: 1 },
        message: 'log content 1',
        stream: 'stdout',
        partial: true,
      },
    },
    {
      text: '2016-10-06T00:17:09.669794203Z stderr F other',
      expect: { message: 'other', stream: 'stderr' },
    },
    {
      text: '2025-10-10T18:31:36.5+08:00 stdout F:tag ',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_760_092_296_500, precisionMs: 100 },
        message: '',
        stream: 'stdout',
      },
    },
  ],
};

function follows(bytes: Uint8Array, at: number, end: number, text: readonly number[]): boolean {
  if (at + text.length > end) {
    return false;
  }
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[at + i] !== text[i]) {
      return false;
    }
  }
  return true;
}

/** `P` or `F`, perhaps with further tags behind a colon. */
function hasTags(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end || (bytes[at] !== 80 && bytes[at] !== 70)) {
    return false;
  }
  let next = at + 1;
  if (next < end && bytes[next] === 58) {
    const limit = Math.min(end, next + 65);
    while (next < limit && bytes[next] !== 32) {
      next += 1;
    }
  }
  return next === end || bytes[next] === 32;
}
