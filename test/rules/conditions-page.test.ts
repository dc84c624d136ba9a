import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMON_ROLES, FACT_FIELDS, FUNCTIONS, type Scope } from '../../src/rules/condition/check.ts';
import { tryCondition } from '../../src/rules/condition/compile.ts';
import { OPERATORS } from '../../src/rules/condition/parse.ts';
import { readRules } from '../../src/rules/load.ts';

/** docs/conditions.md against the language that it describes. */
const page = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8');
const { ruleSet } = await readRules([]);

interface Example {
  readonly heading: string;
  readonly text: string;
  readonly variables: Scope['variables'];
}

/** Blocks are marked `condition`, `condition row <Kind>` or `condition link <cause> <effect>`; each line is one. */
function examplesOf(text: string): Example[] {
  return text.split(/^##+ /mu).flatMap((section) =>
    [...section.matchAll(/^```condition ?(.*)\n([\s\S]*?)^```$/gmu)].flatMap(([, marks = '', body = '']) =>
      body
        .trim()
        .split('\n')
        .map((line) => ({ heading: section.split('\n', 1)[0] as string, text: line, variables: variablesOf(marks) })),
    ),
  );
}

function variablesOf(marks: string): Scope['variables'] {
  const [where, first = '', second = ''] = marks.split(' ');
  if (where === 'row') return { row: { is: 'row', kind: first } };
  return where === 'link' ? { c: { is: 'fact', names: [first] }, e: { is: 'fact', names: [second] } } : {};
}

const examples = examplesOf(page);

describe('docs/conditions.md', () => {
  it.each(examples)('$text', ({ text, variables }) => {
    const { problems } = tryCondition(text, { variables, vocabulary: ruleSet.vocabulary });
    expect(problems.map(({ offset, message }) => `${offset}: ${message}`)).toEqual([]);
  });

  it.each(Object.keys(FUNCTIONS))('has the function %s with an example', (name) => {
    const own = examples.filter(({ heading }) => heading === name);
    expect(own.map(({ text }) => text).join('\n')).toContain(`${name}(`);
  });

  it('has no function that does not exist', () => {
    const functions = page.slice(page.indexOf('## Functions'), page.indexOf('## Grammar'));
    expect([...functions.matchAll(/^### (.+)$/gmu)].map(([, name]) => name)).toEqual(Object.keys(FUNCTIONS));
  });

  it.each(OPERATORS)('has the operator %s', (operator) => {
    const spans = [...page.matchAll(/`([^`\n]+)`/gu)].map(([, span]) => ` ${span} `);
    const isWord = /^\w/u.test(operator);
    const told = spans.some((span) =>
      isWord ? new RegExp(`\\b${operator}\\b`, 'u').test(span) : span.includes(` ${operator} `),
    );
    expect(told).toBe(true);
  });

  it.each([...Object.keys(FACT_FIELDS), ...COMMON_ROLES])('names the member %s of facts', (name) => {
    const facts = page.slice(page.indexOf('**A fact**'), page.indexOf('**An entity**'));
    expect(facts).toContain(`\`${name}\``);
  });
});
