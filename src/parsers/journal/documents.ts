import { dmesgJson } from '../dmesg/json.ts';
import { dmesgSummed } from '../dmesg/summed.ts';
import type { DocumentFormat } from '../format.ts';
import { bootList } from './boot-list.ts';
import { journalExport } from './export.ts';
import { journalJson } from './json-document.ts';
import { journalVerbose } from './verbose.ts';

/** Forms of the journal and of the kernel log whose records span lines or depend on the lines before. */
export const journalDocuments: readonly DocumentFormat[] = [
  journalExport,
  journalVerbose,
  journalJson,
  bootList,
  dmesgJson,
  dmesgSummed,
];
