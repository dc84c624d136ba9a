/**
 * Error messages without a header: copied from a log, an Event or a terminal without time, writer or level.
 *
 *     Failed to pull image "registry.example/app:1": rpc error: code = Unknown desc = … x509: certificate signed by …
 *     dial tcp 10.96.0.1:443: connect: connection refused
 *     slow fdatasync took 1.307701648s expected-duration 1s
 *
 * Recognised only where all of a small file reads so; prose and logs with headers are left to others.
 */

import { createDocument } from '../documents/builder.ts';
import type { DocumentFormat, DocumentInput } from '../format.ts';

const MOST_LINES = 200;
const MOST_LINE = 16_384;
/** A header, a structure or a quoted answer of another format begins here. */
const STARTS_OTHER =
  /^(?:[IWEF]\d{4} |\d{4}[-/]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|[[{<|#*>]|- |"|time=|level=|ts=|[\w-]+: {2,}|[A-Z ]+ {2,}[A-Z])/u;
const OPENING =
  /^(?:[\w./()-]{1,60}: ){0,3}(?:errors?|failed|failure|failing|fatal|panic|unable|cannot|can't|could ?n[o']t|couldn't|timed out|timeout|invalid|unexpected|no such|not found|access denied|permission denied|connection (?:refused|reset|timed)|certificate|x509|refusing|rejected|unknown|unauthorized|forbidden)\b/iu;
/** What ends a chain of Go errors, an answer of an API, or a system call. */
const CAUSE =
  /(?:connection refused|connection reset by peer|i\/o timeout|no such host|no route to host|network is unreachable|deadline exceeded|context canceled|permission denied|no space left on device|too many open files|unknown authority|has expired or is not yet valid|x509: |TLS handshake|: EOF$|unexpected EOF|: Forbidden$|: Unauthorized$|: forbidden|not found$|already exists|operation not permitted|input\/output error|resource busy|[Ss]tale (?:NFS )?file handle|[Oo]ut of memory|cannot allocate memory|exit status \d|exit code:? \d|signal: killed|rpc error: code = |[Tt]oo [Mm]any [Rr]equests|Client\.Timeout|status code:? [45]\d\d|broken pipe|CrashLoopBackOff|ErrImagePull|ImagePullBackOff)/u;
const MEASURED = / took (?:too long|\d+(?:\.\d+)?(?:ns|µs|us|ms|s|m)\b)/u;

function isMessage(line: string): boolean {
  const text = line.trim().slice(0, 4096);
  return (
    text.length >= 12 &&
    text.includes(' ') &&
    line.length <= MOST_LINE &&
    !STARTS_OTHER.test(text) &&
    (OPENING.test(text) || CAUSE.test(text) || MEASURED.test(text))
  );
}

function parse(input: DocumentInput) {
  const doc = createDocument(input);
  for (let at = 0; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    if (line.trim() === '') {
      continue;
    }
    if (!isMessage(line)) {
      // Lines that are indented belong to the message above them.
      if (/^\s/u.test(line) && doc.recordCount > 0) doc.belongs(at);
      continue;
    }
    const { unit, container, pod, namespace } = input.context;
    doc.add({
      at,
      kind: 'log',
      message: line.trim(),
      unit: unit ?? container,
      container,
      pod,
      namespace,
      ...(MEASURED.test(line) ? {} : { level: 'err' as const }),
    });
  }
  return doc.result('keep');
}

export const messages: DocumentFormat = {
  kind: 'document',
  id: 'messages',
  samples: [
    {
      path: 'error.txt',
      text: 'Failed to pull image "registry.example/app:1": rpc error: code = Unknown desc = Error response from daemon: Get https://registry.example/v2/: x509: certificate signed by unknown authority\ndial tcp 10.96.0.1:443: connect: connection refused\n',
    },
    { path: 'k3s.txt', text: 'slow fdatasync took 1.307701648s expected-duration 1s\n' },
  ],
  sniff({ lines }) {
    const begins = lines.filter((line) => !/^\s/u.test(line));
    // The frames of a stack belong to the record of their message.
    if (lines.some((line) => /^\s+at \S/u.test(line))) {
      return 0;
    }
    return begins.length > 0 && begins.length <= MOST_LINES && begins.every(isMessage) ? 0.5 : 0;
  },
  parse,
};
