/**
 * Containers of one node as other clients of a runtime list them: `docker ps -a` (`podman`, `nerdctl`), `ctr tasks ls`
 * and `ctr containers ls`.
 *
 *     CONTAINER ID   IMAGE          COMMAND      CREATED         STATUS                       PORTS   NAMES
 *     1a2b3c4d5e6f   5f1bc2d3e4f5   "/app/run"   20 minutes ago  Exited (137) 3 minutes ago           k8s_web_web-1_default_c2bc…_4
 *
 *     TASK                    PID     STATUS
 *     0b1c2d3e4f5061728394    1234    RUNNING
 *
 * The kubelet of old named docker's containers `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`.
 */

import type { RowValue } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { type Cells, type Column, parseHeader, parseRow } from '../tables/table.ts';
import { parseWordAge } from './crictl.ts';

type Client = 'docker' | 'ctr-tasks' | 'ctr-containers';

function clientOf(columns: readonly Column[] | undefined): Client | undefined {
  const names = columns?.map((column) => column.name) ?? [];
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  if (has('CONTAINER ID', 'IMAGE', 'COMMAND', 'STATUS')) return 'docker';
  if (has('TASK', 'PID', 'STATUS')) return 'ctr-tasks';
  return has('CONTAINER', 'IMAGE', 'RUNTIME') ? 'ctr-containers' : undefined;
}

const RULES = {
  fits(column: string, cell: string): boolean {
    if (column === 'CONTAINER ID') return /^[0-9a-f]{6,64}$/u.test(cell);
    if (column === 'STATUS')
      return /^(?:Up|Exited|Created|Restarting|Dead|Removal|Paused|RUNNING|STOPPED|CREATED|PAUSED|UNKNOWN)\b/u.test(
        cell,
      );
    if (column === 'PID') return /^\d{1,8}$/u.test(cell);
    if (column === 'TASK' || column === 'CONTAINER') return /^[\w.-]{1,253}$/u.test(cell);
    return true;
  },
  emptiable: new Set(['PORTS', 'IMAGE', 'COMMAND']),
  free: new Set(['COMMAND']),
} as const;

const KUBELET_NAME = /^k8s_([^_]{1,253})_([^_]{1,253})_([^_]{1,253})_([^_]{1,64})_(\d{1,6})$/u;

function addContainer(doc: DocumentBuilder, at: number, cells: Cells): void {
  const get = (...names: string[]) =>
    names.map((name) => cells.get(name)).find((cell) => cell !== undefined && cell !== '');
  const status = get('STATUS');
  const exit = /^(?:Exited|Restarting) \((\d{1,4})\)/u.exec(status ?? '')?.[1];
  const [, kubelet, pod, namespace, , attempt] = KUBELET_NAME.exec(get('NAMES') ?? '') ?? [];
  const values: Record<string, RowValue> = { id: get('CONTAINER ID', 'TASK', 'CONTAINER') ?? '' };
  const put = (name: string, value: RowValue | undefined) => {
    if (value !== undefined) values[name] = value;
  };
  // Docker's word for a container that runs is `Up`.
  put(
    'state',
    status === undefined ? undefined : status.startsWith('Up') ? 'running' : /^\w+/u.exec(status)?.[0].toLowerCase(),
  );
  put('container', kubelet ?? get('NAMES'));
  put('pod', pod === undefined ? undefined : `${namespace}/${pod}`);
  put('namespace', namespace);
  put('attempt', attempt === undefined ? undefined : Number(attempt));
  put('exitCode', exit === undefined ? undefined : Number(exit));
  put('message', status);
  doc.add({
    at,
    kind: 'row',
    message: doc.line(at).trim(),
    stamp: parseWordAge(get('CREATED') ?? ''),
    namespace,
    pod: pod === undefined ? undefined : `${namespace}/${pod}`,
    container: kubelet,
    row: { kind: kubelet === 'POD' ? 'Sandbox' : 'Container', values },
  });
}

function readRows(doc: DocumentBuilder, from: number): void {
  let columns: readonly Column[] | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    const header = parseHeader(line);
    if (clientOf(header) !== undefined) {
      columns = header;
      doc.understood(at);
      continue;
    }
    const cells = columns === undefined || line.trim() === '' ? undefined : parseRow(line, columns, RULES);
    if (cells !== undefined) {
      addContainer(doc, at, cells);
    }
  }
}

export const dockerTables = outputFormat({
  id: 'docker-ps',
  samples: [
    {
      path: 'docker-ps.txt',
      text: `CONTAINER ID   IMAGE                  COMMAND                  CREATED          STATUS                      PORTS     NAMES
9f1a2b3c4d5e   registry.k8s.io/pause  "/pause"                 2 hours ago      Up 2 hours                            k8s_POD_web-1_default_c2bcbdbe3f9c_0
1a2b3c4d5e6f   5f1bc2d3e4f5           "/app/run --flag"        20 minutes ago   Exited (137) 3 minutes ago            k8s_web_web-1_default_c2bcbdbe3f9c_4
`,
    },
    {
      path: 'ctr-tasks.txt',
      text: `TASK                                                                PID       STATUS    
0b1c2d3e4f50617283940b1c2d3e4f50617283940b1c2d3e4f50617283940b1c    1234      RUNNING
1b1c2d3e4f50617283940b1c2d3e4f50617283940b1c2d3e4f50617283940b1c    2234      STOPPED
`,
    },
    {
      path: 'ctr-containers.txt',
      text: `CONTAINER    IMAGE                         RUNTIME                  
etcd-abc     quay.io/coreos/etcd:v3.5.0    io.containerd.runc.v2    
`,
    },
  ],
  rate: (lines) => (lines.slice(0, 4).some((line) => clientOf(parseHeader(line)) !== undefined) ? 0.97 : 0),
  read: readRows,
});
