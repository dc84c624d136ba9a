import type { DocumentFormat, LineFormat } from '../../src/parsers/format.ts';

/** `01:02:03 web[12]: text`: an envelope with time, writer and pid. Lines that begin with `+` belong to it. */
export const clock: LineFormat = {
  kind: 'lines',
  id: 'clock',
  samples: [],
  role: 'envelope',
  parse(line) {
    const match = /^(\d\d):(\d\d):(\d\d) (\w+)\[(\d+)\]: (.*)$/u.exec(line);
    if (match === null) {
      return undefined;
    }
    const [, h, m, s, unit = '', pid, message = ''] = match;
    const seconds = (Number(h) * 60 + Number(m)) * 60 + Number(s);
    return { stamp: { kind: 'boot', seconds, precisionMs: 1000 }, unit, pid: Number(pid), message };
  },
  continues: (line) => (line.startsWith('+') ? line.slice(1) : undefined),
  skips: (line) => line.startsWith('== '),
};

/** `I: text`: a payload without time. */
export const letter: LineFormat = {
  kind: 'lines',
  id: 'letter',
  samples: [],
  role: 'payload',
  parse(line) {
    const match = /^([IE]): (.*)$/u.exec(line);
    return match === null ? undefined : { level: match[1] === 'E' ? 'err' : 'info', message: match[2] ?? '' };
  },
};

/** `7 out P text`: pieces of output, by stream. The id is the one that the scan knows as cut into pieces. */
export const pieces: LineFormat = {
  kind: 'lines',
  id: 'cri',
  samples: [],
  role: 'envelope',
  parse(line) {
    const match = /^(\d+) (stdout|stderr) ([PF]) (.*)$/u.exec(line);
    if (match === null) {
      return undefined;
    }
    const [, seconds, stream = '', tag, message = ''] = match;
    return {
      stamp: { kind: 'boot', seconds: Number(seconds), precisionMs: 1000 },
      stream,
      message,
      ...(tag === 'P' ? { partial: true } : {}),
    };
  },
};

/** A file that begins with `TABLE`. */
export const table: DocumentFormat = {
  kind: 'document',
  id: 'table',
  samples: [],
  sniff: ({ head }) => (head.startsWith('TABLE') ? 0.9 : 0),
  parse: () => ({ records: [], listings: [], diagnostics: [], recognised: 1, continuation: 0 }),
};
