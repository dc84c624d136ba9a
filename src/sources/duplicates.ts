/**
 * Files that hold the same bytes, as when a collector writes a log to two places: counting both would double every
 * count and look like two witnesses. Files that are known to be of different nodes, pods or commands are kept, and so
 * are short ones of different names: two empty listings say two things.
 */
import { createHash } from 'node:crypto';
import type { Diagnostic, Source, SourceContext } from '../model/index.ts';

const SHORT_BYTES = 256;

export function withoutDuplicates(
  sources: readonly Source[],
  remark: (diagnostic: Diagnostic) => void,
): readonly Source[] {
  const bySize = new Map<number, Source[]>();
  for (const source of sources) {
    const same = bySize.get(source.bytes);
    if (same === undefined) {
      bySize.set(source.bytes, [source]);
    } else {
      same.push(source);
    }
  }
  const dropped = new Set<Source>();
  for (const [bytes, group] of bySize) {
    if (bytes === 0 || group.length < 2) {
      continue;
    }
    const byHash = new Map<string, Source[]>();
    for (const source of group) {
      const hash = hashOf(source);
      const firsts = byHash.get(hash) ?? [];
      const first = firsts.find((other) => mayBeOneFile(other, source, bytes));
      if (first === undefined) {
        byHash.set(hash, [...firsts, source]);
        continue;
      }
      dropped.add(source);
      remark({
        severity: 'info',
        code: 'duplicate-file',
        message: `Holds the same bytes as ${first.path} and is counted once.`,
        source: source.path,
      });
    }
  }
  return sources.filter((source) => !dropped.has(source));
}

function mayBeOneFile(a: Source, b: Source, bytes: number): boolean {
  if (bytes < SHORT_BYTES && baseName(a.path) !== baseName(b.path)) {
    return false;
  }
  const keys: readonly (keyof SourceContext)[] = ['node', 'namespace', 'pod', 'container', 'command'];
  return keys.every(
    (key) => a.context[key] === undefined || b.context[key] === undefined || a.context[key] === b.context[key],
  );
}

function hashOf(source: Source): string {
  const hash = createHash('sha256');
  for (const chunk of source.read()) {
    hash.update(chunk);
  }
  return hash.digest('base64');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
