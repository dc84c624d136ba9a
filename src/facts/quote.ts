const MOST = 240;

/** A shorter captured value (a number, a device) tells too little to choose the part by. */
const LEAST_DETAIL = 8;

/**
 * Cuts the telling part out of a line: an exact substring of at most 240 characters.
 *
 * @param raw - the physical line
 * @param wanted - texts that the quote should contain, most important first (match, anchor)
 * @param details - captured values: of a match that is too long, the end that holds more of them is kept
 */
export function quoteOf(raw: string, wanted: readonly string[], details: readonly string[] = []): string {
  const line = raw.replace(/[\r\n]+$/u, '');
  if (line.length <= MOST) return line.trim() === '' ? line : line.trim();
  const [match = '', ...anchors] = wanted;
  const told = match !== '' && placeOf(line, match) ? undefined : tellingPart(line, anchors, details);
  if (told !== undefined) return told;
  for (const part of wanted) {
    const found = part === '' ? undefined : placeOf(line, part);
    if (!found) continue;
    const { at, end } = found;
    if (end - at > MOST) {
      const head = line.slice(at, at + MOST);
      const tail = line.slice(end - MOST, end);
      const held = (text: string) =>
        [...details, ...wanted.slice(1)].filter((value) => value !== '' && text.includes(value)).length;
      return held(head) > held(tail) ? cut(line, at, at + MOST) : cut(line, end - MOST, end);
    }
    // Context goes before the match: who said it, about what; a little after it.
    const after = Math.min(line.length, end + Math.min(40, MOST - (end - at)));
    const start = Math.max(0, after - MOST);
    return cut(line, start, start + MOST);
  }
  return cut(line, 0, MOST);
}

/** Quotes that a rule sees plain may be escaped in the line, once or twice. */
function placeOf(line: string, part: string): { readonly at: number; readonly end: number } | undefined {
  const forms = part.includes('"') ? [part, part.replaceAll('"', '\\"'), part.replaceAll('"', '\\\\\\"')] : [part];
  for (const form of forms) {
    const at = line.indexOf(form);
    if (at >= 0) return { at, end: at + form.length };
  }
  return undefined;
}

/**
 * The part around the longest captured value, where the match itself does not stand in the line as it was read (an Event's
 * reason and message are columns apart): with the anchor when both fit.
 */
function tellingPart(line: string, anchors: readonly string[], details: readonly string[]): string | undefined {
  const [detail] = details
    .filter((value) => value.length >= LEAST_DETAIL && line.includes(value))
    .toSorted((a, b) => b.length - a.length);
  if (detail === undefined) return undefined;
  const at = line.indexOf(detail);
  const end = at + detail.length;
  const starts = anchors.map((anchor) => (anchor === '' ? -1 : line.indexOf(anchor)));
  const from = starts.find((start) => start >= 0 && start < at && end - start <= MOST);
  return cut(line, from ?? Math.max(0, end - MOST), end);
}

/** Never splits a surrogate pair. */
function cut(line: string, from: number, to: number): string {
  const start = isLowSurrogate(line.charCodeAt(from)) ? from + 1 : from;
  const end = isLowSurrogate(line.charCodeAt(to)) ? to - 1 : to;
  return line.slice(start, end).trim();
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
