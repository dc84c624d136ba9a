import { isUserError } from '../model/errors.ts';

/** CI jobs rely on these: see docs/ci.md. */
export const EXIT = {
  finished: 0,
  found: 1,
  usage: 2,
  unreadable: 3,
  interrupted: 130,
  fault: 70,
} as const;

/** Codes of errors that speak of the input, not of how the program was called. */
const INPUT_ERRORS = new Set(['BUNDLE_NOT_FOUND', 'BUNDLE_UNREADABLE', 'BUNDLE_UNRECOGNISED', 'REPORT_UNREADABLE']);

/** What to print and how to end for an error: one line for the user's, the stack for ours. */
export function describeError(error: unknown): { readonly text: string; readonly code: number } {
  if (isUserError(error)) {
    return {
      text: `forensics: ${error.message}`,
      code: INPUT_ERRORS.has(error.code) ? EXIT.unreadable : EXIT.usage,
    };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `forensics: a fault of the program itself, please report it\n${stack}`, code: EXIT.fault };
}
