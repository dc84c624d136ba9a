import { Document, isCollection, isScalar } from 'yaml';
import { LAYERS } from '../model/layer.ts';

export interface SkeletonOptions {
  /** The texts that a pattern would meet for the line, the message first; the line itself when absent. */
  readonly texts?: readonly string[];
  /** Who wrote the line, where its header tells: `kernel`. */
  readonly writer?: string;
  /** Path of schema/signature.json from where the file will stand, for the editor; no such line when absent. */
  readonly schema?: string;
}

export interface NewRule {
  readonly id: string;
  /** YAML */
  readonly text: string;
}

interface Mask {
  readonly name: string;
  readonly pattern: string;
  /** What to look for in the line. */
  readonly find: RegExp;
}

/** What varies from line to line, most specific first. */
const MASKS: readonly Mask[] = [
  { name: 'uid', pattern: '[0-9a-f-]{36}', find: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/u },
  { name: 'id', pattern: '[0-9a-f]{12,64}', find: /\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b/u },
  { name: 'address', pattern: '\\d{1,3}(?:\\.\\d{1,3}){3}', find: /\b\d{1,3}(?:\.\d{1,3}){3}\b/u },
  { name: 'url', pattern: 'https?://[^\\s"]{1,200}', find: /\bhttps?:\/\/[^\s"]{1,200}/u },
  {
    name: 'value',
    pattern: '[^\\s",()]{1,200}',
    find: /(?<=\b(?!err|error|msg|message|reason)[A-Za-z]\w{1,30}=)[^\s",()]{1,200}/u,
  },
  { name: 'path', pattern: '/[^\\s",:]{1,200}', find: /(?<![\w.])\/(?:[\w.@~-]+\/)+[\w.@~-]+/u },
  {
    name: 'duration',
    pattern: '[\\d.hmsnuµ]{2,24}',
    find: /\b\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)){0,3}\b/u,
  },
  // A quote that opens stands after a blank or bracket: what lies between two names is no name.
  { name: 'name', pattern: '[^"]{1,200}', find: /(?<=[\s:=([{,]")[^"\\]{1,200}(?=")/u },
  { name: 'process', pattern: '[\\w./-]{1,80}', find: /(?<![\w./-])[A-Za-z][\w./-]{0,79}(?=:\d+\b)/u },
  { name: 'number', pattern: '\\d+', find: /\b\d+\b/u },
];

interface Piece {
  readonly text: string;
  readonly mask?: Mask;
}

const LEAST_ANCHOR = 5;
const MOST_PIECES = 24;

/** Marks what an author still has to say; lint complains while it stands. */
export const TO_WRITE = 'To be written';

/** What may stand there, for an author without the schema at hand. */
const REMARKS: Readonly<Record<string, string>> = {
  id: 'the file must be called like it',
  kind: 'log, or kube-event for Events only',
  polarity: 'symptom, condition, change, recovery, healthy or context (harmless noise)',
  nature: 'event, state, configuration, resource or absence',
  layer: LAYERS.join(', '),
  severity: 'critical, high, medium or low',
  initiates: 'external, likely, possible, unlikely or never: can an incident begin with it?',
  certainty: '0.1 to 1: did it really happen when this line is there?',
};
const REMARKS_ABOVE: Readonly<Record<string, string>> = {
  'match.anchors': 'literals of the raw line, one of which must be there; the shorter part that never varies is best',
  entities: "what it is about: '@node', '@pod', '@namespace', '@container', '@unit', or '{{capture}}'",
  sources: 'who writes it: kernel, kubelet, containerd …',
  tags: 'how links find it: choose from rules/tags.yaml',
};

/**
 * A signature to fill in, from one line of a log: values become named captures, the longest fixed text the anchor,
 * the line its own first example. Returns YAML with
 * remarks on what may stand where.
 */
export function newRule(line: string, options: SkeletonOptions = {}): NewRule {
  const text = (options.texts?.find((one) => one.trim() !== '') ?? line).trim().slice(0, 1000);
  const pieces = cut(text);
  const names = new Map<string, number>();
  const captures: Record<string, string> = {};
  const first = Math.max(
    0,
    pieces.findIndex((piece) => piece.mask === undefined && /\p{L}{2}/u.test(piece.text)),
  );
  const pattern = pieces
    .slice(first)
    .map((piece, index, kept) => {
      if (!piece.mask) return escapePattern(piece.text);
      const name = unique(nameOf(piece.mask, kept[index - 1]?.text ?? ''), names);
      captures[name] = piece.text;
      return `(?<${name}>${piece.mask.pattern})`;
    })
    .join('');
  const id = idOf(pieces);
  const skeleton = new Document({
    id,
    title: `${TO_WRITE}: what is the case when this is logged (captures in double braces)`,
    kind: 'log',
    sources: options.writer !== undefined && /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(options.writer) ? [options.writer] : [],
    match: { anchors: [anchorOf(pieces, line)], pattern },
    entities: { node: '@node' },
    polarity: 'symptom',
    nature: 'event',
    layer: 'apps',
    severity: 'medium',
    initiates: 'possible',
    certainty: 0.9,
    tags: [],
    examples: {
      match: [{ line, captures }],
      reject: [{ line: `${TO_WRITE}: a line that looks alike and means something else`, because: TO_WRITE }],
    },
  });
  for (const [property, remark] of Object.entries(REMARKS)) {
    const node = skeleton.getIn(property.split('.'), true);
    if (isScalar(node)) node.comment = ` ${remark}`;
  }
  for (const [property, remark] of Object.entries(REMARKS_ABOVE)) {
    const node = skeleton.getIn(property.split('.'), true);
    if (isCollection(node)) {
      if (node.items.length === 0) node.comment = ` ${remark}`;
      else node.commentBefore = ` ${remark}`;
    }
  }
  const head = options.schema === undefined ? '' : `# yaml-language-server: $schema=${options.schema}\n`;
  const body = skeleton.toString({ lineWidth: 0, singleQuote: true });
  // The remark of an empty list belongs beside it.
  return { id, text: head + body.replace(/\n {2}\[\]\n {2}#/gu, ' [] #') };
}

/** Splits a text into what stays and what varies. */
function cut(text: string): Piece[] {
  let pieces: Piece[] = [{ text }];
  for (const mask of MASKS) {
    pieces = pieces.flatMap((piece, index) => (piece.mask ? [piece] : cutOne(piece.text, mask, index === 0)));
    if (pieces.length > MOST_PIECES) break;
  }
  return pieces.filter((piece) => piece.text !== '').slice(0, MOST_PIECES);
}

function cutOne(text: string, mask: Mask, isFirst: boolean): Piece[] {
  const pieces: Piece[] = [];
  // What stands before a piece decides whether a quote at its beginning opens or closes.
  const padded = `${isFirst ? ' ' : 'x'}${text}`;
  let from = 1;
  for (const found of padded.matchAll(new RegExp(mask.find, 'gu'))) {
    if (found.index < from || found[0] === '') continue;
    pieces.push({ text: padded.slice(from, found.index) }, { text: found[0], mask });
    from = found.index + found[0].length;
    if (pieces.length > MOST_PIECES) break;
  }
  return [...pieces, { text: padded.slice(from) }];
}

const NAMED_BY_WORD: ReadonlySet<string> = new Set(['value', 'name', 'duration', 'number', 'id']);

/** `pid 12`, `pid=12`, `pid: 12`: the word before names the value. */
function nameOf(mask: Mask, before: string): string {
  if (!NAMED_BY_WORD.has(mask.name)) return mask.name;
  const word = /([A-Za-z][A-Za-z0-9]*)["']?\s?[:=]?\s?["']?$/u.exec(before)?.[1];
  if (
    word === undefined ||
    word.length < 3 ||
    /^(?:for|than|the|and|with|from|after|off|was|has|via|not)$/iu.test(word)
  ) {
    return mask.name;
  }
  return `${(word[0] as string).toLowerCase()}${word.slice(1)}`;
}

function unique(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name}${count}`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** The longest run of fixed words that stands in the raw line too, without quotes and backslashes. */
function anchorOf(pieces: readonly Piece[], line: string): string {
  const runs = pieces
    .filter((piece) => piece.mask === undefined)
    .flatMap((piece) => piece.text.split(/["\\]/u))
    .flatMap((text) => runsIn(text, line))
    .filter((text) => text.length >= LEAST_ANCHOR);
  const start = runs[0] ?? line.trim().slice(0, 40);
  return runs.reduce((longest, text) => (text.length > longest.length ? text : longest), start);
}

/** Longest runs of words of a text that the line holds. */
function runsIn(text: string, line: string): string[] {
  const words = text.trim().split(/\s+/u).slice(0, 40);
  return words.flatMap((_, from) => {
    for (let to = words.length; to > from; to--) {
      const run = words.slice(from, to).join(' ');
      if (line.includes(run)) return [run];
    }
    return [];
  });
}

function idOf(pieces: readonly Piece[]): string {
  const words = pieces
    .filter((piece) => piece.mask === undefined)
    .flatMap((piece) => piece.text.match(/[A-Za-z]{2,}/gu) ?? [])
    .map((word) => word.replace(/[A-Z]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32)));
  return [...new Set(words)].slice(0, 6).join('-') || 'new-rule';
}
