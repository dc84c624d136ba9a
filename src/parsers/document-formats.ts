import type { DocumentFormat } from './format.ts';

/** Files that are understood as a whole: tables, describe, objects, command output. */
export const documentFormats: readonly DocumentFormat[] = [];
