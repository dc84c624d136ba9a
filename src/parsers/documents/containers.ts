/** Container states, as records and as attributes of their pod's row: shared by describe and objects. */

import type { RowValue, Stamp } from '../../model/index.ts';
import type { DocumentBuilder } from './builder.ts';

export interface MessageLine {
  readonly at: number;
  /** Last physical line, where the text was folded onto several. */
  readonly last?: number | undefined;
  readonly text: string;
  readonly column?: number | undefined;
}

export interface ContainerState {
  readonly at: number;
  readonly column?: number | undefined;
  readonly kind: 'waiting' | 'running' | 'terminated';
  readonly reason?: string | undefined;
  /** Lines of the message with the line on which each stands. */
  readonly message: readonly MessageLine[];
  readonly exitCode?: number | undefined;
  readonly signal?: number | undefined;
  readonly started?: Stamp | undefined;
  readonly finished?: Stamp | undefined;
}

export interface Container {
  readonly name: string;
  readonly isInit: boolean;
  readonly image?: string | undefined;
  readonly ready?: boolean | undefined;
  readonly restarts?: number | undefined;
  readonly state?: ContainerState | undefined;
  readonly lastState?: ContainerState | undefined;
}

export interface PodPlace {
  readonly kind: 'describe' | 'object';
  readonly namespace: string | undefined;
  readonly pod: string;
  readonly node: string | undefined;
}

/** Records of a container's states: why it waits, how it ended, and what it said when it ended. */
export function addContainerStates(doc: DocumentBuilder, container: Container, place: PodPlace): void {
  for (const [state, isLast] of [
    [container.state, false],
    [container.lastState, true],
  ] as const) {
    if (state === undefined || state.kind === 'running') {
      continue;
    }
    const common = { ...place, container: container.name === '' ? undefined : container.name };
    if (state.kind === 'waiting') {
      const text = messageText(state);
      doc.add({
        ...common,
        at: state.message[0]?.at ?? state.at,
        last: lastOf(state.message),
        column: state.message[0]?.column ?? state.column,
        message: `${state.reason ?? 'Waiting'}${text === '' ? '' : `: ${text}`}`,
        level: isProblem(state.reason) ? 'warning' : 'info',
        fields: { state: 'waiting', reason: state.reason },
      });
      continue;
    }
    doc.add({
      ...common,
      at: state.at,
      column: state.column,
      message: endText(state),
      stamp: state.finished,
      level: state.exitCode === 0 ? 'info' : 'warning',
      fields: {
        state: isLast ? 'last-terminated' : 'terminated',
        reason: state.reason,
        exitCode: state.exitCode === undefined ? undefined : String(state.exitCode),
        signal: state.signal === undefined ? undefined : String(state.signal),
        started: isoOf(state.started),
        finished: isoOf(state.finished),
      },
    });
    addLastWords(doc, state, common, isLast);
  }
}

/**
 * The termination message, one record per line (indented ones belong to the line before): it was written at the
 * latest when the container ended.
 */
function addLastWords(
  doc: DocumentBuilder,
  state: ContainerState,
  common: PodPlace & { readonly container: string | undefined },
  isLast: boolean,
): void {
  const groups: { at: number; last: number; column: number | undefined; texts: string[] }[] = [];
  for (const { at, last, text, column } of state.message) {
    const previous = groups.at(-1);
    if (text.trim() === '') {
      doc.belongs(at);
    } else if (previous !== undefined && /^\s/u.test(text)) {
      previous.texts.push(text.trimEnd());
      previous.last = Math.max(at, last ?? at);
    } else {
      groups.push({ at, last: last ?? at, column, texts: [text.trim()] });
    }
  }
  for (const { at, last, column, texts } of groups) {
    doc.add({
      ...common,
      at,
      last,
      column,
      unit: common.container,
      message: texts.join('\n'),
      stamp: state.finished,
      fields: { state: isLast ? 'last-terminated' : 'terminated', said: 'termination-message' },
    });
  }
}

function lastOf(message: readonly MessageLine[]): number | undefined {
  const last = message.at(-1);
  return last && (last.last ?? last.at);
}

function messageText(state: ContainerState): string {
  return state.message
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join('\n');
}

/** `terminated: Error, exit code 137, signal 9` */
export function endText(state: Pick<ContainerState, 'reason' | 'exitCode' | 'signal'>): string {
  const parts = [
    `terminated: ${state.reason ?? 'unknown reason'}`,
    ...(state.exitCode === undefined ? [] : [`exit code ${state.exitCode}`]),
    ...(state.signal === undefined || state.signal === 0 ? [] : [`signal ${state.signal}`]),
  ];
  return parts.join(', ');
}

const HARMLESS: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing', 'Completed']);

function isProblem(reason: string | undefined): boolean {
  return reason !== undefined && !HARMLESS.has(reason);
}

export function isoOf(stamp: Stamp | undefined): string | undefined {
  return stamp?.kind === 'instant' && Math.abs(stamp.epochMs) < 8e15
    ? new Date(stamp.epochMs).toISOString()
    : undefined;
}

/** How bad a container stands, to choose the one that the pod's row speaks of. */
function badness(container: Container): number {
  const { state, lastState, ready } = container;
  return (
    (state?.kind === 'waiting' ? (isProblem(state.reason) ? 8 : 3) : 0) +
    (state?.kind === 'terminated' && (state.exitCode ?? 0) !== 0 ? 6 : 0) +
    (ready === false ? 2 : 0) +
    (lastState?.kind === 'terminated' ? ((lastState.exitCode ?? 0) !== 0 ? 2 : 1) : 0)
  );
}

/** Attributes of a pod's row that follow from its containers, and the line that shows the worst of it. */
export function podValues(
  containers: readonly Container[],
  phase: string | undefined,
): { readonly values: Readonly<Record<string, RowValue>>; readonly worst: Container | undefined } {
  const values: Record<string, RowValue> = {};
  const regular = containers.filter((container) => !container.isInit);
  const withReady = regular.filter((container) => container.ready !== undefined);
  if (regular.length > 0) {
    values['containerCount'] = regular.length;
    values['containers'] = regular.map((container) => container.name).filter((name) => name !== '');
  }
  if (withReady.length > 0) {
    const ready = withReady.filter((container) => container.ready === true).length;
    values['readyCount'] = ready;
    values['ready'] = ready === regular.length;
  }
  const counted = containers.filter((container) => container.restarts !== undefined);
  if (counted.length > 0) {
    values['restarts'] = counted.reduce((sum, container) => sum + (container.restarts ?? 0), 0);
  }
  const images = containers.flatMap((container) => (container.image === undefined ? [] : [container.image]));
  if (images.length > 0) {
    values['images'] = images;
  }
  let worst: Container | undefined;
  for (const container of containers) {
    if (badness(container) > (worst === undefined ? 0 : badness(worst))) {
      worst = container;
    }
  }
  if (worst?.state?.kind === 'waiting') {
    putText(values, 'waitingReason', worst.state.reason);
    putText(values, 'waitingMessage', messageText(worst.state));
  }
  if (worst?.state?.kind === 'terminated' && worst.state.exitCode !== undefined) {
    values['exitCode'] = worst.state.exitCode;
  }
  const ended = worst?.lastState?.kind === 'terminated' ? worst.lastState : undefined;
  if (ended !== undefined) {
    putText(values, 'lastReason', ended.reason);
    putText(values, 'lastMessage', messageText(ended).slice(0, 2000));
    if (ended.exitCode !== undefined) values['lastExitCode'] = ended.exitCode;
    putText(values, 'lastFinished', isoOf(ended.finished));
    putText(values, 'lastStarted', isoOf(ended.started));
    const { started, finished } = ended;
    if (started?.kind === 'instant' && finished?.kind === 'instant' && finished.epochMs >= started.epochMs) {
      values['lastRanMs'] = finished.epochMs - started.epochMs;
    }
  }
  putText(values, 'status', statusOf(containers, worst, phase));
  return { values, worst };
}

/** The STATUS column of kubectl as far as containers decide it. */
function statusOf(
  containers: readonly Container[],
  worst: Container | undefined,
  phase: string | undefined,
): string | undefined {
  const prefix = worst?.isInit === true ? 'Init:' : '';
  if (worst?.state?.kind === 'waiting' && worst.state.reason !== undefined) {
    return worst.state.reason === 'PodInitializing' ? worst.state.reason : `${prefix}${worst.state.reason}`;
  }
  if (worst?.state?.kind === 'terminated') {
    return `${prefix}${worst.state.reason ?? (worst.state.signal ? `Signal:${worst.state.signal}` : `ExitCode:${worst.state.exitCode ?? 0}`)}`;
  }
  const regular = containers.filter((container) => !container.isInit);
  if (regular.length > 0 && regular.every((container) => container.state?.kind === 'terminated')) {
    return regular[0]?.state?.reason ?? phase;
  }
  return phase;
}

function putText(values: Record<string, RowValue>, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') {
    values[name] = value;
  }
}
