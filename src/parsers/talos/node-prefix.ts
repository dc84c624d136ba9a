/**
 * `talosctl logs` and other commands for several nodes: `NODE: ` before each line.
 *
 *     172.20.1.2: 2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 server_others.go:138] …
 *     172.20.1.3: [talos] task setupLogger (1/1): done, 106.109µs
 *
 * An address is taken as it is. A host name is taken only before a text that begins like a log line, as `error: …`
 * has the same shape; a plain word is none. No time of its own.
 */
import type { LineFormat } from '../format.ts';

const ADDRESS = /^((?:\d{1,3}\.){3}\d{1,3}|(?=[0-9a-f:]{3,39}: )[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}): /u;
const NAMED =
  /^([A-Za-z0-9](?:[A-Za-z0-9-]|\.(?=[A-Za-z0-9])){1,253}): (?=\{"|time="|ts=|level=|\[talos\] |[IWEF]\d{4} \d\d:|\d{4}-\d\d-\d\dT\d\d:|\[\d{4}-)/u;

export const talosNode: LineFormat = {
  kind: 'lines',
  id: 'talos-node',
  role: 'envelope',
  parse(line) {
    const head = line.slice(0, 300);
    const match = ADDRESS.exec(head) ?? NAMED.exec(head);
    if (match === null || !/.[-.:\d]/u.test(match[1] ?? '')) {
      return undefined;
    }
    const node = match[1] ?? '';
    return { node, message: line.slice(match[0].length), stream: node };
  },
  samples: [
    {
      text: '172.20.1.2: 2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 server_others.go:138] "x"',
      expect: {
        node: '172.20.1.2',
        message: '2021-11-30T19:13:20.567825192Z stderr F I1130 19:13:20.567737       1 server_others.go:138] "x"',
      },
    },
    {
      text: 'fd00::5:1: [talos] task setupLogger (1/1): done, 106.109µs',
      expect: { node: 'fd00::5:1', message: '[talos] task setupLogger (1/1): done, 106.109µs' },
    },
    {
      text: 'worker-1.example: {"level":"warn","ts":"2023-03-01T15:14:22.192Z","msg":"x"}',
      expect: { node: 'worker-1.example', message: '{"level":"warn","ts":"2023-03-01T15:14:22.192Z","msg":"x"}' },
    },
  ],
};
