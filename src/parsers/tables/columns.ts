/**
 * What the columns of kubectl tables mean: the kind of a table from its header, the type of each column, and rows
 * as canonical attributes (docs/rows.md).
 */

import type { Row, RowValue } from '../../model/index.ts';
import { type AgeForm, parseAge } from '../../time/age.ts';
import { parseInstant } from '../documents/stamps.ts';
import type { Cells, RowRules } from './table.ts';

export const POD_STATUS =
  /^(?:Running|Pending|Succeeded|Completed|Error|Failed|Unknown|Terminating|Evicted|NodeLost|NotReady|ContainerCreating|PodInitializing|CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|RegistryUnavailable|ImageInspectError|InvalidImageName|CreateContainerError|CreateContainerConfigError|RunContainerError|ContainerCannotRun|StartError|OOMKilled|DeadlineExceeded|ContainerStatusUnknown|UnexpectedAdmissionError|NodeAffinity|Preempting|SchedulingGated|Shutdown|Terminated|NodeShutdown|OutOf[a-z]+|PostStartHookError|PreStartHookError|PreCreateHookError|Outdated|MatchNodeSelector|ExitCode:\d+|Signal:\d+|Init:(?:\d+\/\d+|ExitCode:\d+|Signal:\d+|[A-Z]\w*))$/u;
const WAITING =
  /^(?:Init:)?(?:ContainerCreating|PodInitializing|CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|RegistryUnavailable|ImageInspectError|InvalidImageName|CreateContainerError|CreateContainerConfigError|RunContainerError|PostStartHookError|PreStartHookError)$/u;
const NODE_STATUS = /^(?:Ready|NotReady|Unknown|SchedulingDisabled)(?:,[A-Za-z]+)*$/u;
const AGE_CELL = /^(?:(?:\d+[smhdy]){1,4}|<unknown>|<invalid>|<none>|<nil>|)$/u;
const RESTARTS_CELL = /^\d+(?: \((?:(?:\d+[smhdy])+|<invalid>|<unknown>) ago\))?$/u;
const READY_CELL = /^\d+\/\d+$/u;
const COUNT_CELL = /^(?:\d+|<none>|<unknown>|<nil>|)$/u;

/** Cells that mean "not there". */
const NULLS: ReadonlySet<string> = new Set(['', '<none>', '<unset>', '<unknown>', '<nil>', '<no value>', '-', 'N/A']);

/** Kind of a table from its columns, where the header alone tells. */
export function kindOfColumns(columns: readonly string[]): string | undefined {
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (
    has('LAST SEEN', 'REASON') ||
    has('LASTSEEN', 'REASON') ||
    has('TYPE', 'REASON', 'MESSAGE') ||
    has('TYPE', 'REASON', 'MSG')
  )
    return 'Event';
  if (columns.some((name) => name.startsWith('CPU(')) && columns.some((name) => name.startsWith('MEMORY'))) {
    return columns.includes('CPU%') || columns.includes('CPU(%)') ? 'Node' : 'Pod';
  }
  if (has('NAME', 'READY', 'STATUS', 'RESTARTS')) return 'Pod';
  if (has('STATUS', 'ROLES') || has('STATUS', 'VERSION', 'INTERNAL-IP')) return 'Node';
  if (has('NAME', 'STATUS', 'AGE', 'VERSION') && columns.length === 4) return 'Node';
  if (has('CLUSTER-IP', 'PORT(S)') || has('CLUSTER_IP')) return 'Service';
  if (has('ADDRESSTYPE', 'ENDPOINTS')) return 'EndpointSlice';
  if (has('NAME', 'ENDPOINTS', 'AGE')) return 'Endpoints';
  if (has('CLUSTER', 'UNAVAILABLE') && has('UPDATED'))
    return has('INITIALIZED') ? 'KubeadmControlPlane' : 'MachineDeployment';
  if (has('INITIALIZED', 'REPLICAS')) return 'KubeadmControlPlane';
  if (has('PROVIDERID', 'PHASE') || has('NODENAME', 'PHASE')) return 'Machine';
  if (has('CLUSTERCLASS', 'PHASE') || (has('NAME', 'PHASE', 'AGE') && columns.length <= 5)) return 'Cluster';
  if (has('DESIRED', 'CURRENT', 'READY', 'UP-TO-DATE') || has('DESIRED', 'CURRENT', 'NODE SELECTOR'))
    return 'DaemonSet';
  if (has('UP-TO-DATE', 'AVAILABLE')) return 'Deployment';
  if (has('DESIRED', 'CURRENT', 'READY')) return 'ReplicaSet';
  if (has('NAME', 'COMPLETIONS')) return 'Job';
  if (has('SCHEDULE', 'SUSPEND')) return 'CronJob';
  if (has('CAPACITY', 'CLAIM')) return 'PersistentVolume';
  if (has('VOLUME', 'CAPACITY')) return 'PersistentVolumeClaim';
  if (has('PROVISIONER')) return 'StorageClass';
  if (has('ATTACHER', 'ATTACHED')) return 'VolumeAttachment';
  if (has('CHART', 'SOURCE KIND')) return 'HelmChart';
  if (has('SYNC STATUS', 'HEALTH STATUS')) return 'Application';
  if (has('SERVICE', 'AVAILABLE', 'AGE')) return 'APIService';
  if (has('NAME', 'PROGRESSING', 'DEGRADED')) return 'ClusterOperator';
  if (has('POD-SELECTOR')) return 'NetworkPolicy';
  if (has('CILIUMINTERNALIP')) return 'CiliumNode';
  if (has('ENDPOINT STATE') || has('SECURITY IDENTITY')) return 'CiliumEndpoint';
  if (has('READY', 'SECRET', 'AGE')) return 'Certificate';
  if (has('APPROVED', 'DENIED', 'READY')) return 'CertificateRequest';
  if (has('HOLDER', 'AGE')) return 'Lease';
  if (has('REQUESTOR', 'CONDITION')) return 'CertificateSigningRequest';
  if (has('CONFIG', 'UPDATING', 'DEGRADED')) return 'MachineConfigPool';
  if (has('CONTAINER', 'IMAGE', 'STATE', 'ATTEMPT')) return 'Container';
  if (has('POD ID', 'CREATED', 'STATE')) return 'Sandbox';
  if (
    has('NAME', 'READY', 'AGE') &&
    columns.every((name) => /^(?:NAMESPACE|NAME|READY|AGE|CONTAINERS|IMAGES|LABELS)$/u.test(name))
  ) {
    return 'StatefulSet';
  }
  if (has('NAME', 'STATUS', 'AGE') && columns.every((name) => /^(?:NAME|STATUS|AGE|LABELS)$/u.test(name)))
    return 'Namespace';
  return undefined;
}

/** Source kinds of Flux share one header; the URL tells them apart as far as it can. */
export function kindOfSourceUrl(url: string): string {
  if (url.startsWith('oci://')) return 'OCIRepository';
  return /^(?:ssh:|git@)|\.git$|github\.com|gitlab|gitea|bitbucket/u.test(url) ? 'GitRepository' : 'HelmRepository';
}

const EMPTIABLE: ReadonlySet<string> = new Set([
  'SUBOBJECT',
  'SOURCE',
  'CLAIM',
  'REASON',
  'STORAGECLASS',
  'VOLUME',
  'CAPACITY',
  'ACCESS MODES',
  'NODE',
  'IP',
  'EXTERNAL-IP',
  'ENDPOINTS',
  'ROLES',
  'REVISION',
  'MESSAGE',
  'STATUS',
  'READY',
  'SECRET',
  'CONFIG',
  'SELECTOR',
  'HOST',
  'ADDRESS',
  'LAST EVENT',
  'HEALTH',
  'HEALTH STATUS',
  'NODENAME',
  'PROVIDERID',
  'PHASE',
  'AVAILABLE',
  'IPV6',
  'IPV4',
  'ENDPOINT STATE',
  'LABELS',
  'URL',
  'AGE',
  'VOLUMEATTRIBUTESCLASS',
  'CREATED',
  'ATTEMPT',
  'FIRST SEEN',
  'TYPE',
  'API SERVER AVAILABLE',
  'INITIALIZED',
  'REPLICAS',
  'UPDATED',
  'UNAVAILABLE',
  'ERRORS',
]);
const FREE: ReadonlySet<string> = new Set(['MESSAGE', 'MSG', 'LAST EVENT', 'LABELS', 'ERROR']);

/** What cells may stand in the columns of a kind; used to tell broken alignment from a good row. */
export function rulesOf(kind: string | undefined, columns: readonly string[]): RowRules {
  const isFlux =
    columns.includes('READY') && columns.includes('STATUS') && kind !== 'Pod' && !columns.includes('RESTARTS');
  return {
    emptiable: EMPTIABLE,
    free: isFlux ? new Set([...FREE, 'STATUS']) : FREE,
    fits(column, cell) {
      switch (column) {
        case 'NAME':
          return kind === 'Container' || (cell !== '' && (kind === 'Event' || !/\s/u.test(cell)));
        case 'NAMESPACE':
          return /^[a-z0-9<][\w<>.-]*$/u.test(cell) || (kind === undefined && !/ {2}/u.test(cell));
        case 'AGE':
          return AGE_CELL.test(cell) || parseInstant(cell) !== undefined;
        case 'RESTARTS':
          return RESTARTS_CELL.test(cell) || cell === '<none>' || cell === '<nil>' || (kind !== 'Pod' && cell === '');
        case 'READY':
          if (kind === 'Pod' || kind === 'StatefulSet') return READY_CELL.test(cell) || cell.startsWith('<');
          if (kind === 'DaemonSet' || kind === 'ReplicaSet') return COUNT_CELL.test(cell);
          return !/\s/u.test(cell);
        case 'STATUS':
          if (kind === 'Pod') return cell !== '' && !/\s/u.test(cell);
          return kind !== 'Node' || NODE_STATUS.test(cell);
        case 'DESIRED':
        case 'CURRENT':
        case 'UP-TO-DATE':
        case 'AVAILABLE':
          return kind === 'APIService' || kind === 'ClusterOperator' || COUNT_CELL.test(cell);
        case 'LAST SEEN':
        case 'LASTSEEN':
          return (
            cell === '' ||
            parseInstant(cell) !== undefined ||
            AGE_CELL.test(cell.replace(/ \(x\d+ over [^)]{1,20}\)$/u, ''))
          );
        case 'FIRST SEEN':
        case 'FIRSTSEEN':
          return AGE_CELL.test(cell) || parseInstant(cell) !== undefined;
        case 'COUNT':
          return COUNT_CELL.test(cell);
        case 'TYPE':
          if (kind === 'Event') return /^(?:\w+|<none>|<nil>|)$/u.test(cell);
          return !/\s{2}/u.test(cell);
        case 'REASON':
          return kind !== 'Event' || /^(?:[\w.-]+|<none>|<nil>)$/u.test(cell);
        case 'OBJECT':
          return /^[\w.]+\/\S+$/u.test(cell) || cell === '<none>';
        case 'SUBOBJECT':
          return cell === '' || /^(?:spec|status|metadata)\.|^<none>$|\{/u.test(cell);
        case 'CLUSTER-IP':
        case 'IP':
          return !/\s/u.test(cell);
        default:
          return true;
      }
    },
  };
}

/** A cell, or undefined when it is one of the words for nothing. */
function known(cells: Cells, column: string): string | undefined {
  const cell = cells.get(column);
  return cell === undefined || NULLS.has(cell) ? undefined : cell;
}

function ageMsOf(cell: string | undefined, form: AgeForm): number | undefined {
  return cell === undefined ? undefined : parseAge(cell, form)?.ageMs;
}

export function numberOf(cell: string | undefined): number | undefined {
  return cell !== undefined && /^\d{1,15}$/u.test(cell) ? Number(cell) : undefined;
}

type Values = Record<string, RowValue>;

function put(values: Values, name: string, value: RowValue | undefined): void {
  if (value !== undefined) {
    values[name] = value;
  }
}

export interface RowContext {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly ageForm: AgeForm;
}

/** Canonical attributes of one table row; undefined without a name. */
export function rowOfCells(cells: Cells, context: RowContext): Row | undefined {
  const rawName = cells.get('NAME') ?? cells.get('POD') ?? '';
  const name = rawName.includes('/') ? rawName.slice(rawName.lastIndexOf('/') + 1) : rawName;
  if (name === '' || name.length > 260) {
    return undefined;
  }
  const { kind, ageForm } = context;
  const values: Values = { name };
  put(values, 'namespace', known(cells, 'NAMESPACE') ?? context.namespace);
  const age = known(cells, 'AGE');
  const created = age === undefined ? undefined : parseInstant(age);
  put(values, 'ageMs', ageMsOf(age, ageForm));
  put(values, 'created', created === undefined ? undefined : new Date(created.epochMs).toISOString());
  const labels = known(cells, 'LABELS');
  put(values, 'labels', labels?.split(','));
  const fill = FILLERS[kind];
  if (fill === undefined) {
    fillByName(values, cells);
  } else {
    fill(values, cells, ageForm);
  }
  return { kind, values };
}

type Fill = (values: Values, cells: Cells, form: AgeForm) => void;

const FILLERS: Readonly<Record<string, Fill>> = {
  Pod(values, cells, form) {
    const status = known(cells, 'STATUS');
    const ready = READY_CELL.exec(cells.get('READY') ?? '')?.[0]
      .split('/')
      .map(Number);
    put(values, 'status', status);
    if (status !== undefined && /^(?:Running|Pending|Failed|Succeeded|Unknown)$/u.test(status))
      values['phase'] = status;
    if (status !== undefined && WAITING.test(status)) values['waitingReason'] = status.replace(/^Init:/u, '');
    if (status !== undefined) values['terminating'] = status === 'Terminating';
    if (ready !== undefined) {
      const [up = 0, total = 0] = ready;
      values['readyCount'] = up;
      values['containerCount'] = total;
      values['ready'] = total > 0 && up === total;
    }
    const restarts = /^(\d+)(?: \((\S+) ago\))?$/u.exec(cells.get('RESTARTS') ?? '');
    put(values, 'restarts', restarts === null ? undefined : Number(restarts[1]));
    put(values, 'lastRestartMs', ageMsOf(restarts?.[2], form));
    put(values, 'ip', known(cells, 'IP'));
    put(values, 'node', known(cells, 'NODE'));
    put(values, 'images', known(cells, 'IMAGES')?.split(','));
    put(values, 'cpu', known(cells, 'CPU(cores)') ?? known(cells, 'CPU(CORES)'));
    put(values, 'memory', known(cells, 'MEMORY(bytes)') ?? known(cells, 'MEMORY(BYTES)'));
    put(values, 'message', known(cells, 'MESSAGE'));
    put(values, 'reason', known(cells, 'REASON'));
  },
  Node(values, cells) {
    const status = known(cells, 'STATUS');
    if (status !== undefined) {
      const words = status.split(',');
      values['status'] = status;
      values['schedulable'] = !words.includes('SchedulingDisabled');
      if (words.includes('Ready')) {
        values['ready'] = true;
        values['readyStatus'] = 'True';
      } else if (words.includes('NotReady')) {
        values['ready'] = false;
      }
    }
    const roles = known(cells, 'ROLES');
    put(values, 'roles', roles?.split(','));
    put(values, 'version', known(cells, 'VERSION'));
    put(values, 'ip', known(cells, 'INTERNAL-IP'));
    put(values, 'osImage', known(cells, 'OS-IMAGE'));
    put(values, 'kernel', known(cells, 'KERNEL-VERSION'));
    put(values, 'runtime', known(cells, 'CONTAINER-RUNTIME'));
    const cpu = cells.get('CPU%') ?? cells.get('CPU(%)');
    const memory = cells.get('MEMORY%') ?? cells.get('MEMORY(%)');
    if (cpu !== undefined || memory !== undefined) {
      put(values, 'cpuPercent', percent(cpu));
      put(values, 'memoryPercent', percent(memory));
      values['metricsUnknown'] = cpu === '<unknown>' || memory === '<unknown>';
    }
  },
  Service(values, cells) {
    put(values, 'type', known(cells, 'TYPE'));
    put(values, 'ip', known(cells, 'CLUSTER-IP') ?? known(cells, 'CLUSTER_IP'));
    put(values, 'externalIp', known(cells, 'EXTERNAL-IP') ?? known(cells, 'EXTERNAL_IP'));
    put(values, 'ports', known(cells, 'PORT(S)')?.split(','));
    put(values, 'selector', known(cells, 'SELECTOR')?.split(','));
  },
  Endpoints: fillEndpoints,
  EndpointSlice: fillEndpoints,
  Deployment: fillWorkload,
  StatefulSet: fillWorkload,
  DaemonSet: fillWorkload,
  ReplicaSet: fillWorkload,
  ReplicationController: fillWorkload,
  Job(values, cells) {
    const done = /^(\d+)\/(\d+)/u.exec(cells.get('COMPLETIONS') ?? '');
    put(values, 'succeeded', done === null ? undefined : Number(done[1]));
    put(values, 'completions', done === null ? undefined : Number(done[2]));
    put(values, 'status', known(cells, 'STATUS'));
  },
  CronJob(values, cells, form) {
    const suspend = cells.get('SUSPEND');
    if (suspend === 'True' || suspend === 'False') values['suspended'] = suspend === 'True';
    put(values, 'schedule', known(cells, 'SCHEDULE'));
    put(values, 'active', numberOf(cells.get('ACTIVE')));
    put(values, 'lastScheduleMs', ageMsOf(cells.get('LAST SCHEDULE'), form));
  },
  PersistentVolume(values, cells) {
    put(values, 'status', known(cells, 'STATUS'));
    put(values, 'claim', known(cells, 'CLAIM'));
    put(values, 'capacity', known(cells, 'CAPACITY'));
    put(values, 'storageClass', known(cells, 'STORAGECLASS'));
    put(values, 'reclaimPolicy', known(cells, 'RECLAIM POLICY') ?? known(cells, 'RECLAIMPOLICY'));
    put(values, 'reason', known(cells, 'REASON'));
  },
  PersistentVolumeClaim(values, cells) {
    put(values, 'status', known(cells, 'STATUS'));
    put(values, 'volume', known(cells, 'VOLUME'));
    put(values, 'capacity', known(cells, 'CAPACITY'));
    put(values, 'storageClass', known(cells, 'STORAGECLASS'));
  },
  StorageClass(values, cells) {
    const name = String(values['name']);
    values['name'] = name.replace(/ \(default\)$/u, '');
    values['isDefault'] = (cells.get('NAME') ?? '').includes('(default)');
    put(values, 'provisioner', known(cells, 'PROVISIONER'));
    put(values, 'reclaimPolicy', known(cells, 'RECLAIMPOLICY'));
    put(values, 'bindingMode', known(cells, 'VOLUMEBINDINGMODE'));
  },
  APIService(values, cells) {
    const available = cells.get('AVAILABLE') ?? '';
    if (/^(?:True|False)/u.test(available)) values['available'] = available.startsWith('True');
    put(values, 'reason', /\(([^)]+)\)/u.exec(available)?.[1]);
    put(values, 'service', known(cells, 'SERVICE'));
  },
  /** `oc get clusteroperators`: VERSION stays empty until the operator has reported once. */
  ClusterOperator(values, cells) {
    const flag = (column: string): boolean | undefined =>
      cells.get(column) === 'True' ? true : cells.get(column) === 'False' ? false : undefined;
    put(values, 'ready', flag('AVAILABLE'));
    put(values, 'progressing', flag('PROGRESSING'));
    put(values, 'degraded', flag('DEGRADED'));
    put(values, 'version', known(cells, 'VERSION'));
    put(values, 'message', known(cells, 'MESSAGE'));
  },
  CertificateSigningRequest(values, cells) {
    put(values, 'status', known(cells, 'CONDITION'));
    put(values, 'signer', known(cells, 'SIGNERNAME'));
    put(values, 'requestor', known(cells, 'REQUESTOR'));
  },
  /** `oc get machineconfigpools`: CONFIG is empty before the first one is rendered. */
  MachineConfigPool(values, cells) {
    const degraded = cells.get('DEGRADED');
    if (degraded === 'True' || degraded === 'False') values['degraded'] = degraded === 'True';
    const updated = cells.get('UPDATED');
    if (updated === 'True' || updated === 'False') putReady(values, updated);
    put(values, 'replicas', numberOf(cells.get('MACHINECOUNT')));
    put(values, 'readyCount', numberOf(cells.get('READYMACHINECOUNT')));
  },
  Lease(values, cells) {
    put(values, 'holder', known(cells, 'HOLDER'));
  },
  Namespace(values, cells) {
    put(values, 'status', known(cells, 'STATUS'));
  },
  NetworkPolicy(values, cells) {
    const selector = cells.get('POD-SELECTOR');
    put(values, 'podSelector', selector === '<none>' ? '*' : selector);
  },
  CiliumEndpoint(values, cells) {
    put(values, 'state', known(cells, 'ENDPOINT STATE'));
    put(values, 'ip', known(cells, 'IPV4') ?? known(cells, 'IPV6'));
  },
  CiliumNode(values, cells) {
    put(values, 'ip', known(cells, 'INTERNALIP'));
  },
};

function fillEndpoints(values: Values, cells: Cells): void {
  const endpoints = cells.get('ENDPOINTS');
  if (endpoints !== undefined) {
    const list = NULLS.has(endpoints) ? [] : endpoints.replace(/ \+ \d+ more\.\.\.$/u, '').split(',');
    const more = /\+ (\d+) more\.\.\.$/u.exec(endpoints);
    values['ready'] = list.length + Number(more?.[1] ?? 0);
    values['addresses'] = list;
  }
}

function fillWorkload(values: Values, cells: Cells): void {
  const ready = READY_CELL.exec(cells.get('READY') ?? '')?.[0]
    .split('/')
    .map(Number);
  put(values, 'readyCount', ready?.[0] ?? numberOf(cells.get('READY')));
  put(values, 'desired', ready?.[1] ?? numberOf(cells.get('DESIRED')));
  put(values, 'current', numberOf(cells.get('CURRENT')));
  put(values, 'updated', numberOf(cells.get('UP-TO-DATE')));
  put(values, 'available', numberOf(cells.get('AVAILABLE')));
  const { desired, available } = values;
  if (typeof desired === 'number' && typeof available === 'number') {
    values['unavailable'] = Math.max(0, desired - available);
  }
  put(values, 'images', known(cells, 'IMAGES')?.split(','));
}

/** Custom resources: the columns that name a canonical attribute. */
function fillByName(values: Values, cells: Cells): void {
  const ready = known(cells, 'READY') ?? known(cells, 'AVAILABLE');
  if (cells.has('READY') || cells.has('AVAILABLE')) {
    putReady(values, ready ?? cells.get('READY'));
  }
  const isFlux = cells.has('READY') && cells.has('STATUS');
  put(values, isFlux ? 'message' : 'status', known(cells, 'STATUS'));
  put(values, 'message', known(cells, 'MESSAGE') ?? (values['message'] as string | undefined));
  put(values, 'reason', known(cells, 'REASON'));
  put(values, 'phase', known(cells, 'PHASE'));
  put(values, 'revision', known(cells, 'REVISION'));
  put(values, 'source', known(cells, 'SOURCE'));
  put(values, 'url', known(cells, 'URL'));
  put(values, 'chart', known(cells, 'CHART'));
  put(values, 'node', known(cells, 'NODENAME') ?? known(cells, 'NODE'));
  put(values, 'state', known(cells, 'STATE'));
  put(values, 'replicas', numberOf(cells.get('REPLICAS')));
  put(values, 'unavailable', numberOf(cells.get('UNAVAILABLE')));
  put(values, 'syncStatus', known(cells, 'SYNC STATUS'));
  put(values, 'status', known(cells, 'HEALTH STATUS') ?? (values['status'] as string | undefined));
  const count = numberOf(cells.get('READY'));
  put(values, 'readyCount', count);
  const suspended = cells.get('SUSPENDED');
  if (suspended === 'True' || suspended === 'False') values['suspended'] = suspended === 'True';
  const [sourceKind, sourceName] = [known(cells, 'SOURCE KIND'), known(cells, 'SOURCE NAME')];
  if (sourceKind !== undefined && sourceName !== undefined) {
    values['source'] = `${sourceKind}/${String(values['namespace'] ?? 'unknown')}/${sourceName}`;
  }
}

/** `True`, `False`, `Unknown` as attributes; other words are left out. */
export function putReady(values: Values, word: string | undefined): void {
  const status = word?.toLowerCase();
  if (status === 'true' || status === 'false') {
    values['ready'] = status === 'true';
    values['readyStatus'] = status === 'true' ? 'True' : 'False';
  } else if (status === 'unknown' || word === '<unknown>') {
    values['readyStatus'] = 'Unknown';
  }
}

function percent(cell: string | undefined): number | undefined {
  const digits = /^(\d{1,6})%$/u.exec(cell ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
