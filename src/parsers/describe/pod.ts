/** `kubectl describe pod`: containers with their states, and the pod's attributes. */

import type { RowValue } from '../../model/index.ts';
import { type Container, type ContainerState, podValues } from '../documents/containers.ts';
import { probeValues } from '../documents/probes.ts';
import { instantStamp } from '../documents/stamps.ts';
import { type LinePlaces, podLinePlaces } from './places.ts';
import { type Entry, entry, listOf, textOf } from './tree.ts';

export interface DescribedPod {
  readonly values: Readonly<Record<string, RowValue>>;
  readonly containers: readonly Container[];
  readonly node: string | undefined;
  /** Line that tells most about the pod's state. */
  readonly telling: number | undefined;
  readonly places: LinePlaces;
}

export function readPod(top: readonly Entry[]): DescribedPod {
  const containers = [
    ...readContainers(entry(top, 'Init Containers')?.children ?? [], true),
    ...readContainers(containersIn(top), false),
  ];
  const values: Record<string, RowValue> = {};
  const put = (name: string, value: RowValue | undefined) => {
    if (value !== undefined && value !== '') values[name] = value;
  };
  const status = textOf(top, 'Status');
  const terminating = /^Terminating\b/u.test(status ?? '');
  const phase = terminating ? undefined : status;
  put('phase', phase);
  const { values: fromContainers, worst } = podValues(containers, phase);
  Object.assign(values, fromContainers);
  const reason = textOf(top, 'Reason');
  put('reason', reason);
  put('message', textOf(top, 'Message'));
  if (terminating) values['status'] = 'Terminating';
  else if (reason !== undefined) values['status'] = reason;
  if (status !== undefined) values['terminating'] = terminating;
  const node = textOf(top, 'Node')?.split('/')[0];
  put('node', node === '' ? undefined : node);
  put('ip', textOf(top, 'IP'));
  const controller = textOf(top, 'Controlled By');
  put('ownerKind', controller?.split('/')[0]);
  put('ownerName', controller?.split('/')[1]);
  put('qos', textOf(top, 'QoS Class'));
  const claims = [...claimsOf(top)];
  put('volumes', claims.length > 0 ? claims : undefined);
  const isFalse = (entry(top, 'Conditions')?.texts ?? [])
    .map(({ text }) => /^\s*([\w./-]+)\s+False\b/u.exec(text)?.[1])
    .filter((type) => type !== undefined);
  if (entry(top, 'Conditions') !== undefined) values['conditionsFalse'] = isFalse;
  const group = containersIn(top);
  const chosen = group.find((child) => child.key === worst?.name) ?? group[0];
  const liveness = textOf(chosen?.children, 'Liveness');
  if (liveness !== undefined) Object.assign(values, probeValues(liveness));
  // An excerpt that ends above the probes tells nothing of them.
  const showsProbes = ['Liveness', 'Readiness', 'Startup', 'Environment', 'Mounts'].some(
    (key) => entry(chosen?.children, key) !== undefined,
  );
  if (chosen !== undefined && showsProbes) {
    values['hasStartupProbe'] = textOf(chosen.children, 'Startup') !== undefined;
  }
  put('memoryLimit', textOf(entry(chosen?.children, 'Limits')?.children, 'memory'));
  put('cpuRequest', textOf(entry(chosen?.children, 'Requests')?.children, 'cpu'));
  return {
    values,
    containers,
    node,
    telling: tellingLine(worst) ?? entry(top, 'Message')?.at ?? entry(top, 'Status')?.at,
    places: podLinePlaces(top, worst),
  };
}

function tellingLine(worst: Container | undefined): number | undefined {
  const state = worst?.state;
  const last = worst?.lastState;
  // That it waits after a crash says less than how it ended.
  const saysMore = state?.reason === 'CrashLoopBackOff' && /^(?!Error$|Completed$)\w/u.test(last?.reason ?? '');
  return state !== undefined && state.kind !== 'running' && !saysMore ? state.at : last?.at;
}

function* claimsOf(top: readonly Entry[]): Iterable<string> {
  for (const volume of entry(top, 'Volumes')?.children ?? []) {
    const claim = textOf(volume.children, 'ClaimName');
    if (claim !== undefined) {
      yield claim;
    }
  }
}

/**
 * Containers of a pod, also of an excerpt that begins inside of them: at a container's name, or at its `State:` (then
 * its name is empty).
 */
export function containersIn(top: readonly Entry[]): readonly Entry[] {
  const section = entry(top, 'Containers') ?? entry(top, 'Init Containers');
  if (section !== undefined) {
    return section.key === 'Containers' ? section.children : [];
  }
  const first = top.find(isState);
  return first === undefined
    ? top.filter((one) => one.value === '' && one.children.some(isState))
    : [{ key: '', value: '', at: first.at, indent: first.indent, children: [...top], texts: [] }];
}

function isState(one: Entry): boolean {
  return /^(?:Last )?State$/u.test(one.key) && /^(?:Waiting|Running|Terminated)$/u.test(one.value);
}

function readContainers(children: readonly Entry[], isInit: boolean): readonly Container[] {
  return children
    .filter((child) => child.value === '' && child.children.length > 0)
    .map((child) => {
      const { children } = child;
      const ready = textOf(children, 'Ready');
      const restarts = textOf(children, 'Restart Count');
      const state = entry(children, 'State');
      const lastState = entry(children, 'Last State');
      return {
        name: child.key,
        isInit,
        image: textOf(children, 'Image'),
        ready: ready === 'True' ? true : ready === 'False' ? false : undefined,
        restarts: restarts !== undefined && /^\d{1,9}$/u.test(restarts) ? Number(restarts) : undefined,
        state: state === undefined ? undefined : readState(state),
        lastState: lastState === undefined ? undefined : readState(lastState),
      };
    });
}

function readState(state: Entry): ContainerState | undefined {
  const kind = state.value.toLowerCase();
  if (kind !== 'waiting' && kind !== 'running' && kind !== 'terminated') {
    return undefined;
  }
  const { children } = state;
  const number = (key: string) => {
    const digits = textOf(children, key);
    return digits !== undefined && /^-?\d{1,9}$/u.test(digits) ? Number(digits) : undefined;
  };
  const message = entry(children, 'Message');
  const reason = entry(children, 'Reason');
  return {
    at: reason?.at ?? state.at,
    kind,
    reason: textOf(children, 'Reason'),
    message:
      message === undefined
        ? []
        : (message.message ?? [{ at: message.at, text: message.value }, ...(message.texts ?? [])]),
    exitCode: number('Exit Code'),
    signal: number('Signal'),
    started: instantStamp(textOf(children, 'Started') ?? ''),
    finished: instantStamp(textOf(children, 'Finished') ?? ''),
  };
}

export function labelsOf(top: readonly Entry[]): readonly string[] | undefined {
  return listOf(top, 'Labels')?.filter((label) => label.includes('='));
}
