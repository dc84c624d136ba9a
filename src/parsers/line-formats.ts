import type { LineFormat } from './format.ts';

/** Logs that a collector or a system writes: journal, syslog, kernel, CRI. */
export const lineFormats: readonly LineFormat[] = [];
