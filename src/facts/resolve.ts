import type { AttributeValue, EntityKind, EntityRef, LogRecord, RowValue } from '../model/index.ts';
import { ENTITY_KINDS } from '../model/index.ts';
import type { Signature } from '../rules/schema.ts';
import { type EntityIndex, longIdIn, nameOf, podUidIn, ref, UNPLACED } from './entities.ts';
import type { RoleFinder } from './roles.ts';
import { attribute } from './sighting.ts';

/** Kinds of host processes that work for other pods: their own identity says nothing about the pod in the text. */
const KINDS: ReadonlySet<string> = new Set(ENTITY_KINDS);

export interface ResolvedEntities {
  readonly entities: Readonly<Record<string, EntityRef>>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly joinQuality: number;
  readonly component: string | undefined;
}

const QUALITY = { certain: 1, probable: 0.9, candidate: 0.75 } as const;

/**
 * Entities of a match: the signature's templates filled from captures and record, then completed by joins
 * (pod by UID, sandbox or container id; node by pod; pods of a kernel task).
 */
export function resolveEntities(
  signature: Signature,
  record: LogRecord,
  captures: Readonly<Record<string, string>>,
  index: EntityIndex,
  roles: RoleFinder,
): ResolvedEntities {
  const entities: Record<string, EntityRef> = {};
  let quality = 1;
  const lower = (strength: keyof typeof QUALITY) => {
    quality = Math.min(quality, QUALITY[strength]);
  };
  const own = (name: string): string | undefined => {
    switch (name) {
      case '@node':
        return record.node === undefined ? undefined : index.nodeName(record.node);
      case '@pod':
        return record.pod;
      case '@namespace':
        return record.namespace ?? namespaceOf(record.pod);
      case '@container':
        return record.container;
      case '@unit':
        return record.unit;
      default:
        return captures[name];
    }
  };
  for (const [role, template] of Object.entries(signature.entities)) {
    const text = template.startsWith('@')
      ? own(template)
      : fill(template, (name) => own(name) ?? record.fields[name] ?? textOf(record.row?.values[name]));
    if (text === undefined) continue;
    const kind = text.slice(0, text.indexOf('/'));
    const entity = KINDS.has(role)
      ? toEntity(role as EntityKind, stripKind(role, text))
      : KINDS.has(kind)
        ? (text as EntityRef)
        : undefined;
    if (entity) entities[role] = entity;
  }

  const pod = entities['pod'];
  if (pod) {
    const named = podNameOf(nameOf(pod), index);
    entities['pod'] = ref('pod', named.name);
    lower(named.strength);
  } else {
    const id = podUidIn(record.raw) ?? longIdIn(record.message);
    const known = (id && index.podOfId(id)) || record.pod || podField(record);
    if (known) entities['pod'] = ref('pod', podNameOf(known, index).name);
  }
  if (entities['node']) entities['node'] = ref('node', index.nodeName(nameOf(entities['node'])));
  else {
    const at = entities['pod'] && index.nodeOfPod(nameOf(entities['pod']));
    const node = record.node === undefined ? at : index.nodeName(record.node);
    if (node) entities['node'] = ref('node', node);
  }
  const task = captures['comm'];
  if (!entities['pod'] && task && entities['node']) {
    const pods = index.podsOfTask(nameOf(entities['node']), task);
    if (pods.length === 1) entities['pod'] = ref('pod', pods[0] as string);
  }
  if (record.container && !entities['container']) entities['container'] = ref('container', record.container);

  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(captures)) attributes[name] = attribute(value);
  if (record.process && attributes['process'] === undefined) attributes['process'] = record.process.name;
  if (record.unit && attributes['unit'] === undefined) attributes['unit'] = record.unit;
  return { entities, attributes, joinQuality: quality, component: componentOf(signature, entities, roles) };
}

function componentOf(
  signature: Signature,
  entities: Readonly<Record<string, EntityRef>>,
  roles: RoleFinder,
): string | undefined {
  if (signature.component) return signature.component;
  const pod = entities['pod'] ?? entities['workload'];
  if (pod) {
    const [namespace, name] = split(nameOf(pod));
    const role = roles.ofWorkload(namespace, name);
    if (role) return role;
    if (entities['pod']) return undefined;
  }
  // Who reports is not what fails: a line of the kubelet says little about the kubelet.
  const service = entities['service'];
  return service === undefined ? undefined : roles.ofService(nameOf(service));
}

function split(name: string): [string | undefined, string] {
  const slash = name.indexOf('/');
  return slash < 0 ? [undefined, name] : [name.slice(0, slash), name.slice(slash + 1)];
}

function stripKind(role: string, text: string): string {
  return text.startsWith(`${role}/`) && text.split('/').length > 2 ? text.slice(role.length + 1) : text;
}

function toEntity(kind: EntityKind, name: string): EntityRef | undefined {
  const clean = name.trim();
  if (clean === '') return undefined;
  const host = kind === 'service' ? SERVICE_HOST.exec(clean) : undefined;
  return ref(kind, host ? `${host[2]}/${host[1]}` : clean);
}

/** A service by its name in cluster DNS: `webhook.cert-manager.svc`, `web.shop.svc.cluster.local.` */
const SERVICE_HOST = /^([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc(?:\.[a-z0-9.-]{1,200})?$/u;

/** Pod that a structured message names: `pod="ns/name"`, `k8sPodName=ns/name`. */
function podField(record: LogRecord): string | undefined {
  const named = record.fields['pod'] ?? record.fields['k8sPodName'];
  return named !== undefined && /^[a-z0-9-]+\/[a-z0-9.-]+$/u.test(named) ? named : undefined;
}

function namespaceOf(pod: string | undefined): string | undefined {
  return pod === undefined || pod.startsWith(UNPLACED) ? undefined : split(pod)[0];
}

/** `ns/name`, `name_ns(uid)`, `name_ns` or a bare name that only one pod has. */
function podNameOf(
  said: string,
  index: EntityIndex,
): { readonly name: string; readonly strength: keyof typeof QUALITY } {
  const text = said.startsWith(UNPLACED) ? said.slice(UNPLACED.length) : said;
  if (text.includes('/')) return { name: text, strength: 'certain' };
  const old = /^([a-z0-9.-]+)_([a-z0-9-]+)(?:\(|$)/u.exec(text);
  if (old) return { name: `${old[2]}/${old[1]}`, strength: 'certain' };
  const known = index.podsNamed(text);
  if (known.length === 1) return { name: known[0] as string, strength: 'certain' };
  return { name: text, strength: known.length > 1 ? 'candidate' : 'certain' };
}

function textOf(value: RowValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function fill(template: string, value: (name: string) => string | undefined): string | undefined {
  let missing = false;
  const filled = template.replace(/\{\{\s*([@\w.-]+)\s*\}\}/gu, (_, name: string) => {
    const found = value(name);
    if (found === undefined || found === '') missing = true;
    return found ?? '';
  });
  return missing ? undefined : filled;
}
