import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLiterals, findInBytes, findInText } from '../../src/scan/literals.ts';

const encoder = new TextEncoder();

/** Positions and ids as a plain search finds them, for comparison. */
function naive(literals: readonly string[], bytes: Uint8Array, from: number, to: number): string[] {
  const found: string[] = [];
  literals.forEach((literal, id) => {
    const wanted = encoder.encode(literal);
    if (wanted.length < 5) {
      return;
    }
    for (let at = from; at + wanted.length <= to; at++) {
      if (wanted.every((byte, offset) => bytes[at + offset] === byte)) {
        found.push(`${at}:${id}`);
      }
    }
  });
  return found.toSorted();
}

function filtered(literals: readonly string[], bytes: Uint8Array, from: number, to: number, sample?: Uint8Array) {
  const padded = new Uint8Array((bytes.length + 11) & ~3);
  padded.set(bytes);
  const hits: number[] = [];
  findInBytes(compileLiterals(literals, sample), padded, new Int32Array(padded.buffer), from, to, hits);
  const found: string[] = [];
  for (let hit = 0; hit < hits.length; hit += 2) {
    found.push(`${hits[hit]}:${hits[hit + 1]}`);
  }
  return found.toSorted();
}

/** A small alphabet makes overlaps and near misses frequent. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '\n'), maxLength: 200 });
const literal = (minLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), minLength, maxLength: 12 });

describe('findInBytes', () => {
  it.each([
    ['short literals', 1],
    ['literals of 7 and more', 7],
  ])('finds what a plain search finds: %s', (_, minLength) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(literal(minLength), { maxLength: 8 }),
        text,
        fc.nat(),
        fc.nat(),
        fc.option(text, { nil: undefined }),
        (literals, line, a, b, sample) => {
          const bytes = encoder.encode(line);
          const [from, to] = [a % (bytes.length + 1), b % (bytes.length + 1)].toSorted((x, y) => x - y) as [
            number,
            number,
          ];
          const taught = sample === undefined ? undefined : encoder.encode(sample);
          expect(filtered(literals, bytes, from, to, taught)).toEqual(naive(literals, bytes, from, to));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('finds each of 1,500 literals at every alignment', () => {
    const literals = Array.from({ length: 1500 }, (_, id) => `${(id * 7919).toString(36).padStart(4, 'x')}!${id % 7}`);
    const set = compileLiterals(literals);
    for (let shift = 0; shift < 4; shift++) {
      for (let id = 0; id < literals.length; id += 97) {
        expect(findInText(set, `${'-'.repeat(shift)}${literals[id]} and more`)).toEqual([id]);
      }
    }
  });
});

describe('findInText', () => {
  it('gives each literal once, in order of the ids', () => {
    const set = compileLiterals(['not responding', 'nfs: server', 'no space left']);
    expect(findInText(set, 'nfs: server a not responding; nfs: server b not responding')).toEqual([0, 1]);
  });

  it('finds literals in text outside ASCII and in text longer than its buffer', () => {
    const set = compileLiterals(['zażółć', 'tail!']);
    expect(findInText(set, `${'ó'.repeat(100_000)} zażółć tail!`)).toEqual([0, 1]);
  });

  it('names literals that are too short, and does not find them', () => {
    const set = compileLiterals(['abc', 'abcde']);
    expect(set.tooShort).toEqual([0]);
    expect(findInText(set, 'abcde')).toEqual([1]);
  });
});
