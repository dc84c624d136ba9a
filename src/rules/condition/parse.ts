import {
  createToken,
  EmbeddedActionsParser,
  type IParserErrorMessageProvider,
  type IToken,
  Lexer,
  type TokenType,
} from 'chevrotain';
import type { CompareOperator, ConditionProblem, Expr, Modality, Place, TimeRelation, Window } from './ast.ts';

/**
 * The grammar of rule conditions, LL(2).
 *
 *     condition   = disjunction ;
 *     disjunction = conjunction { "or" conjunction } ;      conjunction = inversion { "and" inversion } ;
 *     inversion   = "not" inversion | quantified | relation ;
 *     quantified  = ( "some" | "no" | "every" ) Ident "in" reference [ "where" "(" disjunction ")" ] ;
 *     relation    = sum [ ( Compare | "in" | "matches" ) sum
 *                       | [ "possibly" | "definitely" ] ( "before" | … ) [ window ] sum ] ;
 *     window      = "[" sum [ "," ( sum | "*" ) ] "]" ;     sum = [ Sign ] value { Sign value } ;
 *     value       = Number | Duration | String | Regex | "true" | "false" | "unknown" | counted | reference
 *                 | "[" [ sum { "," sum } ] "]" | "(" disjunction ")" ;
 *     counted     = "count" "(" Ident "in" reference [ "by" reference ] [ "where" disjunction ] ")" ;
 *     reference   = Ident [ "(" [ disjunction { "," disjunction } ] ")" ] { Member } ;
 *
 * `.name` is one token, so that a member may be called like a keyword (`e.count`). A text longer than 4,000
 * characters or nested deeper than 60 brackets is refused: rules are written by people.
 */

const MOST_TEXT = 4000;
const MOST_DEPTH = 60;

const Ident = createToken({ name: 'Name', label: 'a name', pattern: /[A-Za-z_]\w*/u });
const word = (text: string): TokenType =>
  createToken({ name: `Word_${text}`, label: `"${text}"`, pattern: new RegExp(text, 'u'), longer_alt: Ident });
const sign = (name: string, text: string, pattern: RegExp): TokenType =>
  createToken({ name, label: `"${text}"`, pattern });

const Blank = createToken({ name: 'Blank', pattern: /\s+/u, group: Lexer.SKIPPED });
const Member = createToken({ name: 'Member', label: 'a member', pattern: /\.[A-Za-z_]\w*(?:-[A-Za-z]\w*){0,4}/u });
const Duration = createToken({ name: 'Duration', label: 'a duration', pattern: /\d+(?:\.\d+)?(?:ms|s|m|h|d)\b/u });
const NumberToken = createToken({ name: 'Number', label: 'a number', pattern: /\d+(?:\.\d+)?/u });
const Text = createToken({
  name: 'Text',
  label: 'a text in quotes',
  pattern: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/u,
  line_breaks: true,
});
const Regex = createToken({
  name: 'Regex',
  label: 'a pattern',
  pattern: /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/i?/u,
});
const Compare = createToken({ name: 'Compare', label: 'a comparison', pattern: /==|!=|<=|>=|<|>/u });
const Sign = createToken({ name: 'Sign', label: '"+" or "-"', pattern: /[+-]/u });
const Star = sign('Star', '*', /\*/u);
const Open = sign('Open', '(', /\(/u);
const Close = sign('Close', ')', /\)/u);
const OpenList = sign('OpenList', '[', /\[/u);
const CloseList = sign('CloseList', ']', /\]/u);
const Comma = sign('Comma', ',', /,/u);

const Or = word('or');
const And = word('and');
const Not = word('not');
const Some = word('some');
const No = word('no');
const Every = word('every');
const In = word('in');
const Where = word('where');
const Matches = word('matches');
const Possibly = word('possibly');
const Definitely = word('definitely');
const Before = word('before');
const After = word('after');
const During = word('during');
const Overlaps = word('overlaps');
const Near = word('near');
const True = word('true');
const False = word('false');
const Unknown = word('unknown');
const Count = word('count');
const By = word('by');

const TOKENS = [
  ...[Blank, Member, Duration, NumberToken, Text, Regex, Compare, Sign, Star, Open, Close, OpenList, CloseList, Comma],
  ...[Or, And, Not, Some, No, Every, In, Where, Matches, Possibly, Definitely, Before, After, During, Overlaps, Near],
  ...[True, False, Unknown, Count, By, Ident],
];

/** Every keyword and comparison, as written: docs/conditions.md has each (a test compares the two). */
export const OPERATORS: readonly string[] = [
  ...TOKENS.flatMap(({ name }) => (name.startsWith('Word_') ? [name.slice('Word_'.length)] : [])),
  ...['==', '!=', '<=', '>=', '<', '>', '+', '-'],
];

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const found = (token: IToken): string => (token.image === '' ? 'the end' : `"${token.image}"`);
const labelOf = (type: TokenType): string => type.LABEL ?? type.name;

const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => `expected ${labelOf(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual }) => `a value or condition cannot begin with ${found(actual[0] as IToken)}`,
  buildEarlyExitMessage: ({ actual }) => `unexpected ${found(actual[0] as IToken)}`,
};

const from = (token: IToken): number => token.startOffset;
const to = (token: IToken): number => token.startOffset + token.image.length;
const spanning = (first: Expr, last: Expr): Place => [first.at[0], last.at[1]];

/** chevrotain asks for a class; one instance serves the module. */
class ConditionParser extends EmbeddedActionsParser {
  constructor() {
    super(TOKENS, { maxLookahead: 2, errorMessageProvider: messages });
    this.performSelfAnalysis();
  }

  condition = this.RULE('condition', (): Expr => this.SUBRULE(this.disjunction));

  private disjunction = this.RULE('disjunction', (): Expr => {
    const items = [this.SUBRULE(this.conjunction)];
    this.MANY(() => {
      this.CONSUME(Or);
      items.push(this.SUBRULE2(this.conjunction));
    });
    return this.ACTION(() => joined('or', items));
  });

  private conjunction = this.RULE('conjunction', (): Expr => {
    const items = [this.SUBRULE(this.inversion)];
    this.MANY(() => {
      this.CONSUME(And);
      items.push(this.SUBRULE2(this.inversion));
    });
    return this.ACTION(() => joined('and', items));
  });

  private inversion = this.RULE(
    'inversion',
    (): Expr =>
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(Not);
            const of = this.SUBRULE(this.inversion);
            return this.ACTION((): Expr => ({ op: 'not', of, at: [from(token), of.at[1]] }));
          },
        },
        { ALT: () => this.SUBRULE(this.quantified) },
        { ALT: () => this.SUBRULE(this.relation) },
      ]),
  );

  private quantified = this.RULE('quantified', (): Expr => {
    const quantifier = this.OR([
      { ALT: () => this.CONSUME(Some) },
      { ALT: () => this.CONSUME(No) },
      { ALT: () => this.CONSUME(Every) },
    ]);
    const variable = this.CONSUME(Ident).image;
    this.CONSUME(In);
    const of = this.SUBRULE(this.reference);
    let where: Expr | undefined;
    let end = 0;
    this.OPTION(() => {
      this.CONSUME(Where);
      this.CONSUME(Open);
      where = this.SUBRULE(this.disjunction);
      end = to(this.CONSUME(Close));
    });
    return this.ACTION(
      (): Expr => ({
        op: 'quantified',
        quantifier: quantifier.image as 'some' | 'no' | 'every',
        variable,
        of,
        ...(where ? { where } : {}),
        at: [from(quantifier), Math.max(end, of.at[1])],
      }),
    );
  });

  private relation = this.RULE('relation', (): Expr => {
    const left = this.SUBRULE(this.sum);
    let result = left;
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            const operator = this.OR2([
              { ALT: () => this.CONSUME(Compare) },
              { ALT: () => this.CONSUME(In) },
              { ALT: () => this.CONSUME(Matches) },
            ]).image as CompareOperator | 'in' | 'matches';
            const right = this.SUBRULE2(this.sum);
            this.ACTION(() => {
              result = { op: 'compare', operator, left, right, at: spanning(left, right) };
            });
          },
        },
        {
          ALT: () => {
            let modality: Modality = 'plain';
            this.OPTION2(() => {
              modality = this.OR3([{ ALT: () => this.CONSUME(Possibly) }, { ALT: () => this.CONSUME(Definitely) }])
                .image as Modality;
            });
            const relation = this.OR4([
              { ALT: () => this.CONSUME(Before) },
              { ALT: () => this.CONSUME(After) },
              { ALT: () => this.CONSUME(During) },
              { ALT: () => this.CONSUME(Overlaps) },
              { ALT: () => this.CONSUME(Near) },
            ]).image as TimeRelation;
            let window: Window | undefined;
            this.OPTION3(() => {
              window = this.SUBRULE(this.window);
            });
            const right = this.SUBRULE3(this.sum);
            this.ACTION(() => {
              const common = { op: 'time', relation, modality, left, right, at: spanning(left, right) } as const;
              result = window ? { ...common, window } : common;
            });
          },
        },
      ]);
    });
    return this.ACTION(() => result);
  });

  private window = this.RULE('window', (): Window => {
    this.CONSUME(OpenList);
    const least = this.SUBRULE(this.sum);
    let greatest: Expr | 'any' | undefined;
    this.OPTION(() => {
      this.CONSUME(Comma);
      this.OR([
        {
          ALT: () => {
            this.CONSUME(Star);
            greatest = 'any';
          },
        },
        {
          ALT: () => {
            greatest = this.SUBRULE2(this.sum);
          },
        },
      ]);
    });
    this.CONSUME(CloseList);
    return this.ACTION(() => (greatest === undefined ? { least } : { least, greatest }));
  });

  private sum = this.RULE('sum', (): Expr => {
    let negative = false;
    let start: number | undefined;
    this.OPTION(() => {
      const token = this.CONSUME(Sign);
      negative = token.image === '-';
      start = from(token);
    });
    const first = this.SUBRULE(this.value);
    const terms: { sign: 1 | -1; of: Expr }[] = [{ sign: negative ? -1 : 1, of: first }];
    this.MANY(() => {
      const token = this.CONSUME2(Sign);
      terms.push({ sign: token.image === '-' ? -1 : 1, of: this.SUBRULE2(this.value) });
    });
    return this.ACTION((): Expr => {
      const last = terms.at(-1) as { of: Expr };
      return terms.length === 1 && !negative ? first : { op: 'sum', terms, at: [start ?? first.at[0], last.of.at[1]] };
    });
  });

  private value = this.RULE('value', (): Expr => {
    let token: IToken;
    return this.OR<Expr>([
      {
        ALT: () => {
          token = this.CONSUME(NumberToken);
          return this.ACTION((): Expr => ({ op: 'number', value: Number(token.image), at: [from(token), to(token)] }));
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(Duration);
          return this.ACTION(
            (): Expr => ({ op: 'duration', ms: durationMs(token.image), at: [from(token), to(token)] }),
          );
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(Text);
          return this.ACTION((): Expr => ({ op: 'string', value: unquote(token.image), at: [from(token), to(token)] }));
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(Regex);
          return this.ACTION((): Expr => {
            const end = token.image.lastIndexOf('/');
            return {
              op: 'regex',
              source: token.image.slice(1, end),
              flags: `${token.image.slice(end + 1)}u`,
              at: [from(token), to(token)],
            };
          });
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(True);
          return this.ACTION((): Expr => ({ op: 'constant', value: true, at: [from(token), to(token)] }));
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(False);
          return this.ACTION((): Expr => ({ op: 'constant', value: false, at: [from(token), to(token)] }));
        },
      },
      {
        ALT: () => {
          token = this.CONSUME(Unknown);
          return this.ACTION((): Expr => ({ op: 'constant', value: 'unknown', at: [from(token), to(token)] }));
        },
      },
      { ALT: () => this.SUBRULE(this.counted) },
      { ALT: () => this.SUBRULE(this.reference) },
      {
        ALT: () => {
          const open = this.CONSUME(OpenList);
          const items: Expr[] = [];
          this.MANY_SEP({ SEP: Comma, DEF: () => items.push(this.SUBRULE(this.sum)) });
          const close = this.CONSUME(CloseList);
          return this.ACTION((): Expr => ({ op: 'list', items, at: [from(open), to(close)] }));
        },
      },
      {
        ALT: () => {
          const open = this.CONSUME(Open);
          const inner = this.SUBRULE(this.disjunction);
          const close = this.CONSUME(Close);
          return this.ACTION((): Expr => ({ ...inner, at: [from(open), to(close)] }));
        },
      },
    ]);
  });

  private counted = this.RULE('counted', (): Expr => {
    const start = this.CONSUME(Count);
    this.CONSUME(Open);
    const variable = this.CONSUME(Ident).image;
    this.CONSUME(In);
    const of = this.SUBRULE(this.reference);
    let by: Expr | undefined;
    let where: Expr | undefined;
    this.OPTION(() => {
      this.CONSUME(By);
      by = this.SUBRULE2(this.reference);
    });
    this.OPTION2(() => {
      this.CONSUME(Where);
      where = this.SUBRULE(this.disjunction);
    });
    const end = this.CONSUME(Close);
    return this.ACTION(
      (): Expr => ({
        op: 'count',
        variable,
        of,
        ...(by ? { by } : {}),
        ...(where ? { where } : {}),
        at: [from(start), to(end)],
      }),
    );
  });

  private reference = this.RULE('reference', (): Expr => {
    const name = this.CONSUME(Ident);
    let result: Expr = this.ACTION(() => ({ op: 'name', name: name.image, at: [from(name), to(name)] }));
    this.OPTION(() => {
      this.CONSUME(Open);
      const args: Expr[] = [];
      this.MANY_SEP({ SEP: Comma, DEF: () => args.push(this.SUBRULE(this.disjunction)) });
      const close = this.CONSUME(Close);
      this.ACTION(() => {
        result = { op: 'call', name: name.image, args, at: [from(name), to(close)] };
      });
    });
    this.MANY(() => {
      const member = this.CONSUME(Member);
      this.ACTION(() => {
        result = { op: 'member', of: result, name: member.image.slice(1), at: [from(name), to(member)] };
      });
    });
    return this.ACTION(() => result);
  });
}

function joined(op: 'and' | 'or', items: readonly Expr[]): Expr {
  const first = items[0] as Expr;
  return items.length === 1 ? first : { op, items, at: spanning(first, items.at(-1) as Expr) };
}

function durationMs(image: string): number {
  const parts = /^([\d.]+)([a-z]+)$/u.exec(image);
  return Number(parts?.[1] ?? 0) * (MS[parts?.[2] ?? ''] ?? 0);
}

function unquote(image: string): string {
  return image.slice(1, -1).replace(/\\(.)/gsu, (_, character: string) => (character === 'n' ? '\n' : character));
}

function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    if (depth > MOST_DEPTH) return index;
  }
  return undefined;
}

const lexer = new Lexer(TOKENS);
const parser = new ConditionParser();

export type Parsed = { readonly expr: Expr } | { readonly problems: readonly ConditionProblem[] };

/** Reads a condition's text; problems carry offsets in it. Names and types are not looked at. */
export function parseCondition(text: string): Parsed {
  if (text.length > MOST_TEXT) return { problems: [{ offset: 0, message: `longer than ${MOST_TEXT} characters` }] };
  const deep = tooDeep(text);
  if (deep !== undefined) return { problems: [{ offset: deep, message: `more than ${MOST_DEPTH} brackets are open` }] };
  const lexed = lexer.tokenize(text);
  if (lexed.errors.length > 0) {
    return {
      problems: lexed.errors.map(({ offset, length }) => ({
        offset,
        message: `cannot read ${JSON.stringify(text.slice(offset, offset + Math.min(length, 20)))}`,
      })),
    };
  }
  parser.input = lexed.tokens;
  const expr = parser.condition();
  if (parser.errors.length > 0) {
    return {
      problems: parser.errors.map(({ token, message }) => ({
        offset: Number.isNaN(token.startOffset) ? text.length : token.startOffset,
        message,
      })),
    };
  }
  return { expr };
}
