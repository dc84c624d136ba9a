import { anyHeader, type FoundHeader, isBanner, isBlank, isIndented, type LineReading, ownHeader } from './header.ts';
import { type Joined, type OpenRecord, openRecord } from './joiner.ts';

/** What a physical line is in its log. `joined` and `beyond` belong to the record above: see joiner.ts. */
type Place =
  | { readonly kind: 'header'; readonly found: FoundHeader }
  | { readonly kind: 'banner' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'joined'; readonly joined: Exclude<Joined, undefined> }
  | { readonly kind: 'unknown' };

/**
 * Reads a log line by line. A record begins with a line that a format recognises or with one that nothing does; what
 * comes below belongs to it as long as the joiner says so. In `text` files each line stands for itself.
 *
 * The scan and the record reader share this, so that both draw the borders of records at the same lines.
 */
export interface LinePlacer {
  /**
   * @param line - cleaned
   * @param closes - asked when a quote or brace is open above: is it closed by this line or one of the next few?
   */
  next(line: string, closes: () => boolean): Place;
  /** Forgets the record above: the next line cannot continue it. */
  end(): void;
}

export function placeLines(reading: LineReading): LinePlacer {
  let open: OpenRecord | undefined;

  function begin(line: string, found: FoundHeader | undefined): void {
    open = openRecord(line, found, reading.wrapWidth);
  }

  function next(line: string, closes: () => boolean): Place {
    if (isBlank(line)) {
      const joined = open?.general(line, open.unfinished() && closes());
      return joined === undefined ? { kind: 'blank' } : { kind: 'joined', joined };
    }
    const own = ownHeader(line, reading);
    if (own !== undefined) {
      begin(line, own);
      return { kind: 'header', found: own };
    }
    if (reading.format === 'text') {
      return { kind: 'unknown' };
    }
    const indented = isIndented(line);
    if (!indented && isBanner(line, reading)) {
      open = undefined;
      return { kind: 'banner' };
    }
    const specific = open?.specific(line);
    if (specific !== undefined) {
      return { kind: 'joined', joined: specific };
    }
    if (!indented && reading.format !== 'mixed') {
      const other = anyHeader(line, reading);
      if (other !== undefined) {
        begin(line, other);
        return { kind: 'header', found: other };
      }
    }
    const joined = open?.general(line, open.unfinished() && closes());
    if (joined !== undefined) {
      return { kind: 'joined', joined };
    }
    begin(line, undefined);
    return { kind: 'unknown' };
  }

  return {
    next,
    end: () => {
      open = undefined;
    },
  };
}
