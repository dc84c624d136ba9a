/**
 * `talosctl dmesg` and the `dmesg.log` of `talosctl support`.
 *
 *     10.5.0.3: kern:    info: [2022-07-28T11:49:42.489473063Z]: cni0: port 1(veth32488a86) entered blocking state
 *     user: warning: [2024-02-19T20:45:36.959145652Z]: [talos] task mountUserDisks (1/1): done, 21.875926ms
 *      SUBSYSTEM=thunderbolt
 *
 * `talosctl dmesg` puts the node before each line, the support bundle does not. Talos writes its own messages with
 * priority `warning` whatever they say: their level comes from their text. A JSON tail becomes fields. Times are exact
 * but were computed from the clock of the moment of reading: the first seconds of a boot may be off.
 * Format: siderolabs/talos internal/pkg/dmesg, pkg/kmsg.
 */
import { parseRfc3339 } from '../../time/rfc3339.ts';
import { dictionaryLine } from '../dmesg/dictionary.ts';
import type { LineFormat } from '../format.ts';
import { isFacility, levelOfName } from '../syslog/priority.ts';
import { isTalosMessage, levelOfText, splitTail } from './message.ts';

const HEADER =
  /^ {0,8}(?:([^\s]{1,255}): )?([a-z]{3,8}\d?): {1,8}(emerg|alert|crit|err|warning|notice|info|debug): \[(\d{4}-[^\]\s]{15,40})\]: ?/u;

export const talosDmesg: LineFormat = {
  kind: 'lines',
  id: 'talos-dmesg',
  role: 'envelope',
  parse(line) {
    const match = HEADER.exec(line.slice(0, 400));
    if (match === null || !isFacility(match[2] ?? '')) {
      return undefined;
    }
    const [whole, node, facility, priority = '', timeText = ''] = match;
    const time = parseRfc3339(timeText);
    if (time === undefined || time.length !== timeText.length) {
      return undefined;
    }
    const message = line.slice(whole.length);
    const own = isTalosMessage(message);
    const level = own ? levelOfText(message) : levelOfName(priority);
    const unit = own ? 'talos' : facility === 'kern' ? 'kernel' : undefined;
    return {
      stamp: { kind: 'instant', epochMs: time.epochMs, precisionMs: time.precisionMs },
      ...(node === undefined ? {} : { node }),
      ...(unit === undefined ? {} : { unit }),
      ...(level === undefined ? {} : { level }),
      stream: `${node ?? ''}/${unit ?? facility ?? ''}`,
      ...(own ? splitTail(message) : { message }),
    };
  },
  continues: dictionaryLine,
  samples: [
    {
      text: '10.5.0.3: kern:    info: [2022-07-28T11:49:42.489473063Z]: cni0: port 1(veth32488a86) entered blocking state',
      expect: {
        stamp: { kind: 'instant', epochMs: 1_659_008_982_489, precisionMs: 1 },
        node: '10.5.0.3',
        unit: 'kernel',
        level: 'info',
        message: 'cni0: port 1(veth32488a86) entered blocking state',
      },
    },
    {
      text: 'talos.example: user: warning: [2024-02-19T20:45:36.959145652Z]: [talos] task mountUserDisks (1/1): done, 21.875926ms',
      expect: {
        node: 'talos.example',
        unit: 'talos',
        level: 'info',
        message: '[talos] task mountUserDisks (1/1): done, 21.875926ms',
      },
    },
    {
      text: ' user: warning: [2024-07-02T08:31:08.195521978Z]: [talos] service[etcd](Finished): Bootstrap requested',
      expect: { unit: 'talos', message: '[talos] service[etcd](Finished): Bootstrap requested' },
    },
    {
      text: 'user: warning: [2024-02-19T20:45:36Z]: [talos] controller failed {"component": "controller-runtime", "controller": "k8s.NodeApplyController", "error": "dial tcp: i/o timeout"}',
      expect: {
        unit: 'talos',
        level: 'err',
        message: '[talos] controller failed',
        fields: {
          component: 'controller-runtime',
          controller: 'k8s.NodeApplyController',
          error: 'dial tcp: i/o timeout',
        },
      },
    },
    {
      text: 'kern:  notice: [2023-07-23T16:47:28.22083266Z]: thunderbolt 0-0:1.1: new retimer found\n SUBSYSTEM=thunderbolt',
      expect: { unit: 'kernel', level: 'notice', message: 'thunderbolt 0-0:1.1: new retimer found' },
    },
  ],
};
