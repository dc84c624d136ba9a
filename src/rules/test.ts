import type { RowValue } from '../model/index.ts';
import { byText } from '../text/order.ts';
import { envOf } from './condition/env.ts';
import { evaluate } from './condition/evaluate.ts';
import { matchedPrefix } from './pattern.ts';
import type { RuleSet } from './rule-set.ts';
import type { LogSignature, RowSignature } from './schema.ts';

/** One example of one rule, run the way that a bundle's line would be. */
export interface RuleTestResult {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** `examples.match.0` */
  readonly example: string;
  /** The raw line, or the row. */
  readonly input: string;
  readonly passed: boolean;
  /** Why it failed: expected and found, one per line with `-` and `+`. Empty when it passed. */
  readonly diff: readonly string[];
}

export interface RuleTestPipeline {
  /** What the parsers make of a raw line: the texts that a pattern meets, the message first. */
  toMatchText(line: string): readonly string[];
}

/** Runs the examples of every signature. Rules without examples (absence, silence, …) have none to run. */
export function testRules(ruleSet: RuleSet, pipeline: RuleTestPipeline): RuleTestResult[] {
  return ruleSet.signatures.flatMap((signature) => {
    const place = ruleSet.files.get(signature.id) ?? { file: signature.id, line: 1 };
    const results =
      signature.kind === 'log' || signature.kind === 'kube-event'
        ? testLines(signature, pipeline)
        : signature.kind === 'row'
          ? testRows(signature, ruleSet)
          : [];
    return results.map((result) => ({ rule: signature.id, ...place, ...result }));
  });
}

/** Failed results for a terminal. */
export function describeFailure(result: RuleTestResult): string {
  return [
    `${result.file}:${result.line}: ${result.example}: ${result.input}`,
    ...result.diff.map((line) => `  ${line}`),
  ].join('\n');
}

type Outcome = Pick<RuleTestResult, 'example' | 'input' | 'passed' | 'diff'>;

function testLines(signature: LogSignature, pipeline: RuleTestPipeline): Outcome[] {
  const { match, examples } = signature;
  const pattern = new RegExp(match.pattern, 'u');
  const unless = match.unless === undefined ? undefined : new RegExp(match.unless, 'u');
  const textsOf = (line: string): readonly string[] => [...new Set([...pipeline.toMatchText(line), line])];
  const matching = examples.match.map(({ line, captures = {} }, index) => {
    const diff: string[] = [];
    const texts = textsOf(line);
    const found = texts.map((text) => ({ text, match: pattern.exec(text) })).find((one) => one.match !== null);
    if (!match.anchors.some((anchor) => line.includes(anchor))) {
      diff.push(
        `- one of the anchors ${match.anchors.map((anchor) => JSON.stringify(anchor)).join(', ')}`,
        `+ ${line}`,
      );
    }
    if (!found) diff.push(...nearest(match.pattern, texts));
    else if (unless?.test(found.text))
      diff.push(`- a line that "unless" does not match: ${match.unless}`, `+ ${found.text}`);
    else diff.push(...captureDiff(captures, capturesOf(signature, found.match?.groups ?? {}, line)));
    return { example: `examples.match.${index}`, input: line, passed: diff.length === 0, diff };
  });
  const rejecting = examples.reject.map(({ line, because }, index) => {
    const hit = match.anchors.some((anchor) => line.includes(anchor))
      ? textsOf(line).find((text) => pattern.test(text) && !unless?.test(text))
      : undefined;
    const diff = hit === undefined ? [] : [`- no match: ${because}`, `+ ${pattern.exec(hit)?.[0] ?? hit}`];
    return { example: `examples.reject.${index}`, input: line, passed: diff.length === 0, diff };
  });
  return [...matching, ...rejecting];
}

/** Captures of the pattern and, of an example of several lines, what `followed` joins. */
function capturesOf(
  signature: LogSignature,
  groups: Readonly<Record<string, string | undefined>>,
  line: string,
): Record<string, string> {
  const captures: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) if (value !== undefined) captures[name] = value;
  const { followed } = signature.match;
  if (followed) {
    const pattern = new RegExp(followed.pattern, 'u');
    const parts = line
      .split('\n')
      .slice(1, 1 + followed.upTo)
      .flatMap((next) => {
        const found = pattern.exec(next);
        return found ? [Object.values(found.groups ?? {})[0] ?? found[0]] : [];
      });
    if (parts.length > 0) captures[followed.as] = parts.join(' ');
  }
  return captures;
}

function captureDiff(wanted: Readonly<Record<string, string>>, found: Readonly<Record<string, string>>): string[] {
  return Object.keys(wanted)
    .sort(byText)
    .filter((name) => wanted[name] !== found[name])
    .flatMap((name) => [`- ${name}: ${wanted[name]}`, `+ ${name}: ${found[name] ?? '(not captured)'}`]);
}

function nearest(pattern: string, texts: readonly string[]): string[] {
  for (const text of texts) {
    const prefix = matchedPrefix(pattern, text);
    if (!prefix) continue;
    const rest = text.slice(
      text.indexOf(prefix.matched) + prefix.matched.length,
      text.indexOf(prefix.matched) + prefix.matched.length + 80,
    );
    return [
      `- ${pattern.slice(prefix.pattern.length)}`,
      `+ ${rest}`,
      `  matches as far as ${JSON.stringify(prefix.matched)}`,
    ];
  }
  return [`- ${pattern}`, ...texts.map((text) => `+ ${text}`)];
}

function testRows(signature: RowSignature, ruleSet: RuleSet): Outcome[] {
  const condition = ruleSet.condition(signature.id, 'where');
  const judge = (values: Readonly<Record<string, RowValue>>) =>
    condition && evaluate(condition, envOf({ vars: { row: { kind: signature.rows, values } } }));
  const matching = signature.examples.match.map((row, index) => {
    const verdict = judge(row);
    const passed = verdict?.value === true;
    const diff = passed ? [] : ['- true', `+ ${String(verdict?.value ?? 'no condition')}: ${verdict?.why ?? ''}`];
    return { example: `examples.match.${index}`, input: JSON.stringify(row), passed, diff };
  });
  const rejecting = signature.examples.reject.map(({ row, because }, index) => {
    const verdict = judge(row);
    const passed = verdict !== undefined && verdict.value !== true;
    const diff = passed
      ? []
      : [`- not true: ${because}`, `+ ${String(verdict?.value ?? 'no condition')}: ${verdict?.why ?? ''}`];
    return { example: `examples.reject.${index}`, input: JSON.stringify(row), passed, diff };
  });
  return [...matching, ...rejecting];
}
