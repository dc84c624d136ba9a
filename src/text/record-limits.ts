/**
 * How far one record may reach. The scan draws the borders of records on bytes, the record reader on strings; both
 * have to stop at the same line.
 */

/** A record takes at most so many further lines, and so many characters of them; what follows stands for itself. */
export const MAX_JOINED_LINES = 100;
export const MAX_JOINED_CHARS = 16 * 1024;

/** Pieces of one output line (CRI `P` lines) are given up after so many lines or characters. */
export const MAX_PARTIAL_LINES = 64;
export const MAX_PARTIAL_CHARS = 256 * 1024;
