/** Output of one command, read line by line. */

import type { DocumentFormat, DocumentInput, Sniff } from '../format.ts';
import { createDocument, type DocumentBuilder } from './builder.ts';
import { invocationOf, sniffedCommand, sniffedLines } from './command.ts';

export interface OutputFormat {
  readonly id: string;
  readonly samples: DocumentFormat['samples'];
  /**
   * How sure it is that these lines are this output, 0..1.
   *
   * @param lines - without blank lines and without the command
   * @param command - empty when unknown
   */
  rate(lines: readonly string[], command: string, path: string): number;
  /** Reads lines from `from` on; what it does not take is kept as text. */
  read(doc: DocumentBuilder, from: number, command: string): void;
}

export function outputFormat(format: OutputFormat): DocumentFormat {
  return {
    kind: 'document',
    id: format.id,
    samples: format.samples,
    sniff(sniff: Sniff) {
      const lines = sniffedLines(sniff);
      return lines.length === 0 ? 0 : format.rate(lines, sniffedCommand(sniff), sniff.path);
    },
    parse(input: DocumentInput) {
      const doc = createDocument(input);
      const { command, outputAt } = invocationOf(input);
      for (let at = 0; at < outputAt; at += 1) {
        doc.understood(at);
      }
      format.read(doc, outputAt, command ?? '');
      return doc.result('keep');
    },
  };
}

/** Share of lines that a test accepts. */
export function shareOf(lines: readonly string[], test: (line: string) => boolean): number {
  return lines.length === 0 ? 0 : lines.filter(test).length / lines.length;
}
