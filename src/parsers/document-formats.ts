import { kubectlDescribe } from './describe/document.ts';
import type { DocumentFormat } from './format.ts';
import { jsonObjects, yamlObjects } from './objects/format.ts';
import { kubectlMessages, kubectlTable } from './tables/kubectl.ts';

/** Files that are understood as a whole: tables, describe, objects, command output. */
export const documentFormats: readonly DocumentFormat[] = [
  kubectlMessages,
  kubectlTable,
  kubectlDescribe,
  jsonObjects,
  yamlObjects,
];
