/**
 * `docker compose logs`, stern and kail: the writer and a bar before each line.
 *
 *     web-1  | Listening on :8080                        compose: service and replica
 *     coredns-abc coredns | [INFO] 10.0.0.1:5353 …       stern: pod and container
 *
 * No time of its own. The namespace is not in the line: a pod is named by the hint `pod.name` only.
 */
import type { LineFormat } from '../format.ts';

const PREFIX = /^([a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){0,127})(?: ([a-z0-9][a-z0-9-]{0,62}))? {0,64}\|(?: |$)/u;

export const barPrefix: LineFormat = {
  kind: 'lines',
  id: 'compose',
  role: 'envelope',
  parse(line) {
    const match = PREFIX.exec(line.slice(0, 300));
    if (match === null || /^\d+$/u.test(match[1] ?? '')) {
      return undefined;
    }
    const [whole, writer = '', container] = match;
    const message = line.slice(whole.length);
    return container === undefined
      ? { unit: writer.replace(/-\d{1,4}$/u, ''), container: writer, message, stream: writer }
      : { unit: container, container, message, stream: `${writer}/${container}`, hints: { 'pod.name': writer } };
  },
  samples: [
    {
      text: 'web-1  | Listening on :8080',
      expect: { unit: 'web', container: 'web-1', stream: 'web-1', message: 'Listening on :8080' },
    },
    {
      text: 'coredns-5d78c9869d-abcde coredns | [INFO] plugin/ready: Still waiting on: "kubernetes"',
      expect: { unit: 'coredns', container: 'coredns', message: '[INFO] plugin/ready: Still waiting on: "kubernetes"' },
    },
    { text: 'db  |', expect: { unit: 'db', message: '' } },
  ],
};
