/**
 * Terminal control sequences in logs: colours and cursor moves (CSI), hyperlinks (OSC 8), character sets, and the
 * caret form `^[[31m` that kubectl writes instead of the escape character.
 */

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);

const SEQUENCES = new RegExp(
  [
    `${ESC}\\[[0-?]*[ -/]*[@-~]`,
    `${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)`,
    `${ESC}[()*+][0-9A-Za-z]`,
    `${ESC}[=>78cDEHMNOZ]`,
    '\\^\\[\\[[0-?]*[ -/]*[@-~]',
    `\\^\\[\\]8;[^${BEL}${ESC}^]*(?:${BEL}|\\^\\[\\\\)`,
  ].join('|'),
  'gu',
);

/** The text without control sequences. Linear; a sequence that is cut off stays. */
export function stripAnsi(text: string): string {
  return text.includes(ESC) || text.includes('^[') ? text.replace(SEQUENCES, '') : text;
}

/**
 * What a terminal would show of a line with carriage returns: the text behind the last one, or before it where
 * nothing follows. A CR at the end belongs to the line end and is removed.
 */
export function lastOverwrite(line: string): string {
  let end = line.length;
  for (;;) {
    const at = line.lastIndexOf('\r', end - 1);
    if (at < 0 || end === 0) {
      return line.slice(0, end);
    }
    const text = line.slice(at + 1, end);
    if (text.trim() !== '') {
      return text;
    }
    end = at;
  }
}
