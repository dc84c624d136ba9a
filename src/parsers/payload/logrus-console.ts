/**
 * Terminal forms of logrus: what people paste from their shell.
 *
 *     INFO[0000] message                                       key=value       seconds since the start
 *     FATA[0305] [controlPlane] Failed to bring up Control Plane
 *     INFO[2020-01-01T00:00:00Z] message                                       full timestamp
 *     ERROR [2019-08-03T01:46:01.007195625Z] cilium.io/agent: "msg" key="v"    an old Cilium in its own packaging
 *
 * The message is padded; pairs that end the line are fields.
 */

import { readQuoted } from '../../text/go-quote.ts';
import type { FormatSample, Header, LineFormat } from '../format.ts';
import { headerOf, putField } from '../header-parts.ts';
import { levelOf } from '../levels.ts';
import { stampOfText } from '../payload-time.ts';
import { readPairs } from './logfmt-pairs.ts';

const CONSOLE = /^\s{0,8}(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]\s]{4,40})\] ?/u;
const BRACKET =
  /^\s{0,8}(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|PANIC) \[(\d{4}-\d\d-\d\dT[^\]\s]{8,36})\] ([\w.-]{1,64}(?:\/[\w.-]{1,64}){0,4}): /u;
const PAIR_BEGIN = /\s[A-Za-z_][\w.@/-]*=/gu;

const consoleSamples: readonly FormatSample[] = [
  {
    text: 'FATA[0305] [controlPlane] Failed to bring up Control Plane: Failed to verify healthcheck',
    expect: { level: 'crit', message: '[controlPlane] Failed to bring up Control Plane: Failed to verify healthcheck' },
  },
  {
    text: 'INFO[0000] Starting k3s v1.17.4+k3s1                     commit=3eee8ac3 go="1.13"',
    expect: { level: 'info', message: 'Starting k3s v1.17.4+k3s1', fields: { commit: '3eee8ac3', go: '1.13' } },
  },
  {
    text: 'WARN[2020-04-09T15:43:05.846Z] cannot find pause image',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_586_446_985_846, precisionMs: 1 },
      level: 'warning',
      message: 'cannot find pause image',
    },
  },
];

const bracketSamples: readonly FormatSample[] = [
  {
    text: 'ERROR [2019-08-03T01:46:01.007195625Z] cilium.io/agent: "Command execution failed" cmd="[iptables -N X]" error="exit status 1" subsys=iptables',
    expect: {
      stamp: { kind: 'instant', epochMs: 1_564_796_761_007, precisionMs: 1 },
      unit: 'cilium-agent',
      level: 'err',
      message: 'Command execution failed',
      fields: { cmd: '[iptables -N X]', error: 'exit status 1', subsys: 'iptables' },
    },
  },
  {
    text: 'WARN [2019-08-03T01:46:01.0072483Z] cilium.io/agent: "iptables: Chain already exists." subsys=iptables',
    expect: { level: 'warning', message: 'iptables: Chain already exists.', fields: { subsys: 'iptables' } },
  },
  {
    text: ' ERROR [2019-08-03T01:46:01.007285127Z] cilium.io/agent: "Error while initializing daemon" error="exit status 1" subsys=daemon',
    expect: {
      level: 'err',
      message: 'Error while initializing daemon',
      fields: { error: 'exit status 1', subsys: 'daemon' },
    },
  },
];

function parseConsole(line: string): Header | undefined {
  const match = CONSOLE.exec(line.slice(0, 80));
  if (match === null) {
    return undefined;
  }
  const inside = match[2] ?? '';
  const stamp = stampOfText(inside);
  if (stamp === undefined && !/^\d{4,9}$/u.test(inside)) {
    return undefined;
  }
  const text = line.slice(match[0].length);
  const body = splitTrailingPairs(text);
  return headerOf({ stamp, level: levelOf(match[1] ?? ''), message: body.message, fields: body.fields });
}

function parseBracket(line: string): Header | undefined {
  const match = BRACKET.exec(line.slice(0, 400));
  const stamp = match === null ? undefined : stampOfText(match[2] ?? '');
  if (match === null || stamp === undefined) {
    return undefined;
  }
  const unit = (match[3] ?? '').replace(/\.io\//u, '-').replaceAll('/', '-');
  const text = line.slice(match[0].length).trimEnd();
  if (text.startsWith('"')) {
    const quoted = readQuoted(text, 0);
    const { pairs, end } = readPairs(text, quoted.end);
    const rest = text.slice(end).trim();
    const message = rest === '' ? quoted.value : `${quoted.value} ${rest}`;
    return headerOf({ stamp, unit, level: levelOf(match[1] ?? ''), message, fields: fieldsOf(pairs) });
  }
  const body = splitTrailingPairs(text);
  return headerOf({ stamp, unit, level: levelOf(match[1] ?? ''), message: body.message, fields: body.fields });
}

/** The message, and the pairs that reach to the end of the line. */
function splitTrailingPairs(text: string): { readonly message: string; readonly fields: Record<string, string> } {
  // Tried from at most eight places, so that a long text of things that look like pairs costs no more.
  let tries = 0;
  for (const match of text.matchAll(PAIR_BEGIN)) {
    if (tries >= 8) {
      break;
    }
    tries += 1;
    const { pairs, end } = readPairs(text, match.index);
    if (end >= text.length && pairs.length > 0) {
      return { message: text.slice(0, match.index).trim(), fields: fieldsOf(pairs) };
    }
  }
  return { message: text.trim(), fields: {} };
}

function fieldsOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, value] of pairs) {
    putField(fields, key, value);
  }
  return fields;
}

export const logrusConsole: LineFormat = {
  kind: 'lines',
  id: 'logrus-console',
  role: 'payload',
  samples: consoleSamples,
  parse: parseConsole,
};

export const logrusBracket: LineFormat = {
  kind: 'lines',
  id: 'logrus-bracket',
  role: 'payload',
  samples: bracketSamples,
  parse: parseBracket,
};
