/**
 * `kubectl logs --prefix`: the pod and the container before each line, and before its stamp.
 *
 *     [pod/counted/app] 2025-09-11T15:54:39.123456789Z line one
 *
 * Lines of several pods are interleaved: `stream` keeps them apart. The namespace is not in the line, so the pod is
 * named by the hint `pod.name` only. No time of its own.
 */
import type { LineFormat } from '../format.ts';

const PREFIX = /^\[pod\/([a-z0-9][a-z0-9.-]{0,252})\/([a-z0-9][a-z0-9-]{0,62})\](?: |$)/u;

export const kubectlPrefix: LineFormat = {
  kind: 'lines',
  id: 'kubectl-prefix',
  role: 'envelope',
  parse(line) {
    const match = PREFIX.exec(line.slice(0, 340));
    if (match === null) {
      return undefined;
    }
    const [whole, pod = '', container = ''] = match;
    return {
      unit: container,
      container,
      message: line.slice(whole.length),
      stream: `${pod}/${container}`,
      hints: { 'pod.name': pod },
    };
  },
  samples: [
    {
      text: '[pod/counted/app] 2025-09-11T15:54:39.123456789Z line one',
      expect: {
        unit: 'app',
        container: 'app',
        stream: 'counted/app',
        message: '2025-09-11T15:54:39.123456789Z line one',
      },
    },
    {
      text: '[pod/coredns-5d78c9869d-abcde/coredns] [ERROR] plugin/errors: 2 ghcr.io. AAAA: i/o timeout',
      expect: { container: 'coredns', message: '[ERROR] plugin/errors: 2 ghcr.io. AAAA: i/o timeout' },
    },
    { text: '[pod/a.b/c] ', expect: { container: 'c', message: '' } },
  ],
};
