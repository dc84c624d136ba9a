/**
 * Pebble, the service manager of Juju charms: time and service before each line.
 *
 *     2025-05-14T04:27:27.926Z [ovn-sb-db-server] 2025-05-14T04:27:27Z|00001|vlog|INFO|opened log file …
 *
 * Names of log levels in the bracket are somebody else's: CoreDNS behind `kubectl logs --timestamps` looks alike.
 */
import { parseRfc3339 } from '../../time/rfc3339.ts';
import type { LineFormat } from '../format.ts';
import { levelOfName } from '../syslog/priority.ts';

const SERVICE = /^ \[([a-z][a-z0-9]*(?:-[a-z0-9]+){0,16})\](?: |$)/u;
const OTHERS: ReadonlySet<string> = new Set(['talos', 'fatal', 'trace', 'pod', 'main']);

export const pebble: LineFormat = {
  kind: 'lines',
  id: 'pebble',
  role: 'envelope',
  parse(line) {
    const time = parseRfc3339(line);
    if (time === undefined || time.digits !== 3 || time.comma || time.zone !== 'Z') {
      return undefined;
    }
    const match = SERVICE.exec(line.slice(time.length, time.length + 140));
    const service = match?.[1] ?? '';
    if (match === null || OTHERS.has(service) || levelOfName(service) !== undefined) {
      return undefined;
    }
    return {
      stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: 1 },
      unit: service,
      message: line.slice(time.length + match[0].length),
      stream: service,
    };
  },
  samples: [
    {
      text: '2025-05-14T04:27:27.926Z [ovn-sb-db-server] 2025-05-14T04:27:27Z|00001|vlog|INFO|opened log file',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_747_196_847_926, precisionMs: 1 },
        unit: 'ovn-sb-db-server',
        message: '2025-05-14T04:27:27Z|00001|vlog|INFO|opened log file',
      },
    },
    {
      text: '2025-05-14T04:27:28.001Z [container-agent] starting',
      expect: { unit: 'container-agent', message: 'starting' },
    },
    { text: '2025-05-14T04:27:28.001Z [mysqld]', expect: { unit: 'mysqld', message: '' } },
  ],
};
