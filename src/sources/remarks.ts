/** Collects diagnostics; of each code at most a few, and how many more there were. */
import type { Diagnostic } from '../model/index.ts';

const KEPT_PER_CODE = 20;

export interface Remarks {
  add(diagnostic: Diagnostic): void;
  /** The collected ones, with a last one per code that counts those left out. The same array on each call. */
  finish(): readonly Diagnostic[];
}

export function remarks(): Remarks {
  const kept: Diagnostic[] = [];
  const counts = new Map<string, number>();
  let summed = new Set<string>();
  return {
    add: (diagnostic) => {
      const count = (counts.get(diagnostic.code) ?? 0) + 1;
      counts.set(diagnostic.code, count);
      if (count <= KEPT_PER_CODE) {
        kept.push(diagnostic);
      }
    },
    finish: () => {
      for (const [code, count] of counts) {
        if (count > KEPT_PER_CODE && !summed.has(code)) {
          const severity = kept.find((diagnostic) => diagnostic.code === code)?.severity ?? 'info';
          kept.push({ severity, code, message: `${count - KEPT_PER_CODE} more of this kind.` });
          summed = summed.add(code);
        }
      }
      return kept;
    },
  };
}
