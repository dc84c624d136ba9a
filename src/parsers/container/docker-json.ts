/**
 * Docker's json-file driver.
 *
 *     {"log":"text\n","stream":"stderr","time":"2016-10-20T18:39:20.57606443Z"}
 *
 * A `log` without newline at its end is continued by the next line of its stream. `attrs` (labels chosen by
 * `--log-opt labels`) name pod, namespace and container where Kubernetes set them. Other keys: not this format.
 */
import { stripAnsi } from '../../text/ansi.ts';
import { parseRfc3339 } from '../../time/rfc3339.ts';
import type { Header, LineFormat } from '../format.ts';

const KEYS: ReadonlySet<string> = new Set(['log', 'stream', 'time', 'attrs']);

export const dockerJson: LineFormat = {
  kind: 'lines',
  id: 'docker-json',
  role: 'envelope',
  parse(line) {
    if (line.charCodeAt(0) !== 123 || !line.includes('"log":') || !line.trimEnd().endsWith('}')) {
      return undefined;
    }
    const entry = readEntry(line);
    const { log, stream, time } = entry ?? {};
    const stamp = typeof time === 'string' ? parseRfc3339(time) : undefined;
    if (entry === undefined || typeof log !== 'string' || typeof stream !== 'string' || stamp === undefined) {
      return undefined;
    }
    const complete = log.endsWith('\n');
    return {
      stamp: { kind: 'instant', epochMs: stamp.epochMs, precisionMs: stamp.precisionMs },
      message: stripAnsi(complete ? log.slice(0, log.endsWith('\r\n') ? -2 : -1) : log),
      stream,
      ...(complete ? {} : { partial: true }),
      ...labels(entry['attrs']),
    };
  },
  samples: [
    {
      text: String.raw`{"log":"text\n","stream":"stderr","time":"2016-10-20T18:39:20.57606443Z"}`,
      expect: {
        stamp: { kind: 'instant', epochMs: 1_476_988_760_576, precisionMs: 1 },
        message: 'text',
        stream: 'stderr',
      },
    },
    {
      text: '{"log":"first half","stream":"stdout","time":"2016-10-20T18:39:20Z"}',
      expect: { message: 'first half', stream: 'stdout', partial: true },
    },
    {
      text: String.raw`{"log":"\u001b[31mred\u001b[0m\r\n","stream":"stdout","attrs":{"io.kubernetes.pod.namespace":"a","io.kubernetes.pod.name":"b","io.kubernetes.container.name":"c"},"time":"2016-10-20T18:39:20Z"}`,
      expect: { message: 'red', namespace: 'a', pod: 'a/b', container: 'c' },
    },
  ],
};

function readEntry(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && Object.keys(parsed).every((key) => KEYS.has(key))
      ? { ...parsed }
      : undefined;
  } catch {
    return undefined;
  }
}

function labels(attrs: unknown): Pick<Header, 'namespace' | 'pod' | 'container'> {
  if (typeof attrs !== 'object' || attrs === null) {
    return {};
  }
  const text = (key: string): string | undefined => {
    const value: unknown = Object.getOwnPropertyDescriptor(attrs, key)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const namespace = text('io.kubernetes.pod.namespace');
  const pod = text('io.kubernetes.pod.name');
  const container = text('io.kubernetes.container.name');
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(namespace === undefined || pod === undefined ? {} : { pod: `${namespace}/${pod}` }),
    ...(container === undefined ? {} : { container }),
  };
}
