/**
 * `crictl ps -a` and `crictl pods`: containers and sandboxes of one node as the runtime knows them.
 *
 *     CONTAINER       IMAGE           CREATED          STATE    NAME     ATTEMPT  POD ID          POD
 *     1f73f2d81bf98   d6c3e26e4a1ba   2 minutes ago    Exited   coredns  12       9d371fb41ba49   coredns-69cbb76ff8-q2zgf
 */

import type { RowValue, Stamp } from '../../model/index.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { type Column, parseHeader, parseRow } from '../tables/table.ts';

const UNITS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  year: 31_536_000_000,
};

/** `2 minutes ago`, `About an hour ago`, `Less than a second ago`: the unit is the width of what it can mean. */
export function parseWordAge(text: string): Stamp | undefined {
  const found = /^(?:About |Less than )?(a|an|\d{1,6}) (second|minute|hour|day|week|month|year)s? ago$/u.exec(text);
  const unitMs = UNITS[found?.[2] ?? ''];
  if (found === null || unitMs === undefined) {
    return undefined;
  }
  const isLess = text.startsWith('Less');
  const value = found[1] === 'a' || found[1] === 'an' ? (isLess ? 0 : 1) : Number(found[1]);
  return { kind: 'age', ageMs: value * unitMs, unitMs };
}

const RULES = {
  fits(column: string, cell: string): boolean {
    if (column === 'STATE')
      return /^(?:Running|Exited|Created|Unknown|Ready|NotReady|SANDBOX_\w+|CONTAINER_\w+)$/u.test(cell);
    if (column === 'ATTEMPT') return /^\d{1,6}$/u.test(cell);
    if (column === 'CREATED') return parseWordAge(cell) !== undefined || /^\d/u.test(cell);
    return true;
  },
  emptiable: new Set(['POD', 'NAMESPACE', 'RUNTIME', 'POD ID']),
  free: new Set<string>(),
} as const;

function isCrictl(columns: readonly Column[] | undefined): boolean {
  const names = columns?.map((column) => column.name) ?? [];
  return names.includes('CREATED') && names.includes('STATE') && names.includes('ATTEMPT');
}

function readRows(doc: DocumentBuilder, from: number): void {
  let columns: readonly Column[] | undefined;
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at);
    const header = parseHeader(line);
    if (header !== undefined && isCrictl(header)) {
      columns = header;
      doc.understood(at);
      continue;
    }
    const cells = columns === undefined || line.trim() === '' ? undefined : parseRow(line, columns, RULES);
    if (cells === undefined) {
      continue;
    }
    const isContainer = cells.has('CONTAINER') || cells.has('CONTAINER ID');
    const namespace = cells.get('NAMESPACE') || undefined;
    const podName = isContainer ? cells.get('POD') : cells.get('NAME');
    const pod =
      podName === undefined || podName === '' || podName === 'unknown'
        ? undefined
        : `${namespace ?? 'unknown'}/${podName}`;
    const values: Record<string, RowValue> = { state: cells.get('STATE') ?? '' };
    if (isContainer) values['container'] = cells.get('NAME') ?? '';
    values['id'] = cells.get('CONTAINER') ?? cells.get('CONTAINER ID') ?? cells.get('POD ID') ?? '';
    values['attempt'] = Number(cells.get('ATTEMPT') ?? 0);
    if (pod !== undefined) values['pod'] = pod;
    if (namespace !== undefined) values['namespace'] = namespace;
    doc.add({
      at,
      kind: 'row',
      message: line.trim(),
      stamp: parseWordAge(cells.get('CREATED') ?? ''),
      namespace,
      pod,
      container: isContainer ? cells.get('NAME') : undefined,
      row: { kind: isContainer ? 'Container' : 'Sandbox', values },
    });
  }
}

export const crictlTables = outputFormat({
  id: 'crictl',
  samples: [
    {
      path: 'crictl-ps-a.txt',
      text: `CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD
1f73f2d81bf98       d6c3e26e4a1ba       2 minutes ago       Exited              coredns             12                  9d371fb41ba49       coredns-69cbb76ff8-q2zgf
`,
    },
    {
      path: 'crictl-pods.txt',
      text: `POD ID              CREATED             STATE               NAME                       NAMESPACE           ATTEMPT             RUNTIME
9d371fb41ba49       About an hour ago   NotReady            coredns-69cbb76ff8-q2zgf   kube-system         3                   (default)
`,
    },
  ],
  rate: (lines) => (lines.slice(0, 4).some((line) => isCrictl(parseHeader(line))) ? 0.97 : 0),
  read: readRows,
});
