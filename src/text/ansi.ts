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
