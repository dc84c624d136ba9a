/** Dictionary of a /dev/kmsg record: ` SUBSYSTEM=usb`, ` DEVICE=+usb:1-1`, each on a line after it. */

const ENTRY = /^ [A-Z][A-Z0-9_]{0,63}=/u;

/** The entry without its blank, or undefined when the line is none. */
export function dictionaryLine(line: string): string | undefined {
  return ENTRY.test(line.slice(0, 80)) ? line.slice(1) : undefined;
}
