/**
 * Whose clock wrote a record.
 *
 * Logs of a node share its clock and zone. Programs in containers share the clock of a node that may be unknown, and
 * write UTC whatever the node's zone is: their logs are a group of their own. Listings show times that the API server
 * hands out, but for Events: who reports one stamps it with its own clock, and where it names its host that is known.
 * Ages are counted by the machine that ran kubectl.
 */
import type { LogRecord, ReadSource } from '../model/index.ts';

/** `node/x`, `pod/ns/x` or `file/path`: one zone, one clock. */
export function hostOf(source: ReadSource, record?: LogRecord): string {
  const pod = record?.pod ?? source.context.pod;
  const container = record?.container ?? source.context.container;
  const node = record?.node ?? source.context.node ?? (record === undefined ? mainNode(source) : undefined);
  if (pod !== undefined && !isHostProgram(record)) {
    return `pod/${pod}`;
  }
  if (container !== undefined && node === undefined) {
    return `file/${source.path}`;
  }
  const known = node ?? mainNode(source);
  return known === undefined ? `file/${source.path}` : `node/${known}`;
}

/** A line of the node's journal may name a pod and yet be written on the node. */
function isHostProgram(record: LogRecord | undefined): boolean {
  return record?.node !== undefined && record.container === undefined;
}

/** @param record of the times: `log` records carry the clock of their writer */
export function clockOf(source: ReadSource, record: LogRecord, isAge: boolean): string {
  if (isAge) {
    return 'collector';
  }
  if (record.kind === 'log') {
    return hostOf(source, record);
  }
  const reporter = record.kind === 'kube-event' ? record.fields['reportedFrom'] : undefined;
  return reporter === undefined ? 'apiserver' : `node/${reporter}`;
}

const nodes = new WeakMap<ReadSource, string | undefined>();

/** The node that most lines of a log name, else the one that its path names. */
export function mainNode(source: ReadSource): string | undefined {
  if (!nodes.has(source)) {
    nodes.set(source, countNodes(source) ?? source.context.node);
  }
  return nodes.get(source);
}

function countNodes(source: ReadSource): string | undefined {
  const counts = new Map<string, number>();
  const add = (node: string | undefined, lines: number) => {
    if (node !== undefined) {
      counts.set(node, (counts.get(node) ?? 0) + lines);
    }
  };
  for (const writer of source.volume?.writers ?? []) {
    add(writer.node, writer.lines);
  }
  if (counts.size === 0) {
    for (const record of source.records) {
      if (record.kind === 'log' && record.container === undefined) {
        add(record.node, 1);
      }
    }
  }
  let best: string | undefined;
  for (const [node, lines] of counts) {
    if (best === undefined || lines > (counts.get(best) ?? 0)) {
      best = node;
    }
  }
  return best;
}
