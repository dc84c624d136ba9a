/** Trouble that the user can mend: wrong path, broken rule, unknown option. Shown without a stack. */
export interface UserError extends Error {
  /** Stable code in capitals: `RULES_INVALID`. */
  readonly code: string;
}

const MARK = Symbol.for('forensics.user-error');

/**
 * @param code - stable, in capitals with underscores
 * @param message - names file, line and property where there are any
 */
export function userError(code: string, message: string): UserError {
  return Object.assign(new Error(message), { name: 'UserError', code, [MARK]: true });
}

export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && MARK in error;
}
