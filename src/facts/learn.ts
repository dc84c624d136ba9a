import type { LogRecord } from '../model/index.ts';
import { collectEntities, type EntityIndex, podUidIn, ref } from './entities.ts';
import type { Match } from './match.ts';

/** Captures with these names tell identities, whatever the signature: rules/README of the guide lists them. */
const ID_CAPTURES = ['uid', 'podUid', 'sandboxId', 'containerId'] as const;

/**
 * First pass over rows and matches: who is where, and under which names.
 *
 * Rows give pods, nodes, claims and volumes; messages give "assigned to", sandbox and container ids.
 */
export function learnEntities(records: Iterable<LogRecord>, matches: readonly Match[]): EntityIndex {
  const collector = collectEntities();
  const mounts: LogRecord[] = [];
  for (const record of records) {
    if (record.row?.kind === 'Mount') mounts.push(record);
    else if (record.row) collector.row(record);
    const uid = record.fields['podUID'] ?? record.fields['uid'];
    if (uid && record.pod) collector.identify(uid, record.pod);
    if (record.pod && record.node && record.kind === 'log') {
      collector.relate(ref('pod', record.pod), 'runs-on', ref('node', record.node), 'probable');
    }
  }
  for (const { captures, record, signature } of matches) {
    const pod = podIn(captures, record);
    if (!pod) continue;
    for (const name of ID_CAPTURES) {
      const id = captures[name];
      if (id) collector.identify(id, pod);
    }
    const uid = podUidIn(record.raw);
    if (uid && signature.polarity === 'context') collector.identify(uid, pod);
    const node = captures['node'];
    if (node && signature.entities['node']) collector.relate(ref('pod', pod), 'runs-on', ref('node', node), 'certain');
    const workload = captures['workload'];
    if (workload) collector.relate(ref('pod', pod), 'owned-by', ref('workload', workload), 'certain');
  }
  // Mounts are joined to pods by UID, so pods come first.
  for (const record of mounts) collector.row(record);
  return collector.build();
}

function podIn(captures: Readonly<Record<string, string>>, record: LogRecord): string | undefined {
  const name = captures['pod'] ?? captures['podName'];
  const namespace = captures['namespace'];
  if (name?.includes('/')) return name;
  if (name && namespace) return `${namespace}/${name}`;
  return record.pod;
}
