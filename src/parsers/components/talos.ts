/** `talosctl services` (a table) and `talosctl service X` (one service with its events). */

import type { RowValue, Stamp } from '../../model/index.ts';
import { parseGoDuration } from '../../time/durations.ts';
import type { DocumentBuilder } from '../documents/builder.ts';
import { outputFormat } from '../documents/simple-format.ts';
import { parseHeader, parseRow } from '../tables/table.ts';

const RULES = {
  fits: () => true,
  emptiable: new Set(['HEALTH', 'LAST CHANGE', 'LAST EVENT', 'NODE']),
  free: new Set(['LAST EVENT']),
} as const;

function agoStamp(text: string | undefined): Stamp | undefined {
  const ms = text === undefined ? undefined : parseGoDuration(text.replace(/ ago$/u, ''));
  return ms === undefined ? undefined : { kind: 'age', ageMs: ms, unitMs: 1000 };
}

interface ServiceState {
  readonly at: number;
  readonly node: string | undefined;
  readonly service: string;
  readonly state: string;
  readonly health: string | undefined;
  readonly message: string | undefined;
  readonly changed: Stamp | undefined;
}

function addService(doc: DocumentBuilder, service: ServiceState): void {
  const { at, node, state, health, message, changed } = service;
  const values: Record<string, RowValue> = { component: service.service, state };
  if (health !== undefined && health !== '') values['health'] = health;
  values['ready'] = state === 'Finished' || (state === 'Running' && health !== 'Fail');
  if (message !== undefined && message !== '') values['message'] = message;
  if (node !== undefined) values['node'] = node;
  doc.add({
    at,
    kind: 'row',
    message: doc.line(at).trim(),
    stamp: changed,
    node,
    unit: service.service,
    level: values['ready'] === true ? 'info' : 'warning',
    row: { kind: 'Component', values },
  });
}

function readServices(doc: DocumentBuilder, from: number): void {
  const columns = parseHeader(doc.line(firstLine(doc, from)));
  if (columns?.some((column) => column.name === 'SERVICE') === true) {
    doc.understood(firstLine(doc, from));
    for (let at = firstLine(doc, from) + 1; at < doc.lineCount; at += 1) {
      const cells = doc.line(at).trim() === '' ? undefined : parseRow(doc.line(at), columns, RULES);
      if (cells !== undefined) {
        addService(doc, {
          at,
          node: cells.get('NODE') || undefined,
          service: cells.get('SERVICE') ?? '',
          state: cells.get('STATE') ?? '',
          health: cells.get('HEALTH'),
          message: cells.get('LAST EVENT'),
          changed: agoStamp(cells.get('LAST CHANGE')),
        });
      }
    }
    return;
  }
  readService(doc, from);
}

function firstLine(doc: DocumentBuilder, from: number): number {
  let at = from;
  while (at < doc.lineCount && doc.line(at).trim() === '') at += 1;
  return at;
}

const FIELD = /^(NODE|ID|STATE|HEALTH|LAST HEALTH MESSAGE|EVENTS)\s+(.*)$/u;
const EVENT = /^(?:EVENTS)?\s+\[(\w+)\]: (.*?)(?: \((\S+) ago\))?$/u;

function readService(doc: DocumentBuilder, from: number): void {
  const fields = new Map<string, { readonly at: number; readonly value: string }>();
  const events: {
    readonly at: number;
    readonly state: string;
    readonly text: string;
    readonly age: string | undefined;
  }[] = [];
  for (let at = from; at < doc.lineCount; at += 1) {
    const line = doc.line(at).trimEnd();
    const event = EVENT.exec(line);
    if (event !== null) {
      events.push({ at, state: event[1] ?? '', text: event[2] ?? '', age: event[3] });
      continue;
    }
    const field = FIELD.exec(line);
    if (field !== null) {
      fields.set(field[1] ?? '', { at, value: (field[2] ?? '').trim() });
      doc.understood(at);
    }
  }
  const service = fields.get('ID')?.value;
  if (service === undefined) {
    return;
  }
  const node = fields.get('NODE')?.value;
  addService(doc, {
    at: fields.get('STATE')?.at ?? fields.get('ID')?.at ?? from,
    node,
    service,
    state: fields.get('STATE')?.value ?? '',
    health: fields.get('HEALTH')?.value,
    message: fields.get('LAST HEALTH MESSAGE')?.value,
    changed: agoStamp(events[0]?.age),
  });
  // Newest first in the file; records keep the order of lines.
  for (const { at, state, text, age } of events) {
    doc.add({ at, kind: 'log', message: text, stamp: agoStamp(age), node, unit: service, fields: { state } });
  }
}

export const talosServices = outputFormat({
  id: 'talos-services',
  samples: [
    {
      path: 'talosctl-services.txt',
      text: `NODE         SERVICE      STATE     HEALTH   LAST CHANGE   LAST EVENT
172.20.0.2   etcd         Running   Fail     19m27s ago    Health check failed: context deadline exceeded
172.20.0.2   kubelet      Running   OK       19m2s ago     Health check successful
`,
    },
    {
      path: 'service-logs/etcd.state',
      text: `NODE     172.20.0.2
ID       etcd
STATE    Running
HEALTH   Fail
LAST HEALTH MESSAGE   context deadline exceeded
EVENTS   [Running]: Health check failed: context deadline exceeded (2m3s ago)
         [Running]: Started task etcd (PID 1580) for container etcd (19m27s ago)
`,
    },
  ],
  rate(lines) {
    const names = parseHeader(lines[0] ?? '')?.map((column) => column.name) ?? [];
    if (names.includes('SERVICE') && names.includes('STATE') && names.includes('HEALTH')) return 0.97;
    const keys = lines.slice(0, 6).filter((line) => FIELD.test(line)).length;
    return keys >= 3 && lines.slice(0, 4).some((line) => /^ID\s+\S/u.test(line)) ? 0.97 : 0;
  },
  read: readServices,
});
