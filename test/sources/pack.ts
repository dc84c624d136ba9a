/** Makes archives and folders for the tests, in memory and in temporary folders that vitest's hooks remove. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { afterEach } from 'vitest';
import type { Bundle, Source } from '../../src/model/index.ts';
import { crc32, deflateRawSync } from './zlib-parts.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-test-'));
  folders.push(folder);
  return folder;
}

/** Writes the files below `root/name` and returns that path. */
export function folderOf(files: Files, name = 'bundle'): string {
  const root = join(tempFolder(), name);
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
}

export interface TarOptions {
  readonly under?: string;
  readonly modifiedMs?: number;
}

export async function tarOf(files: Files, { under = '', modifiedMs = 0 }: TarOptions = {}): Promise<Buffer> {
  const archive = pack();
  for (const [path, content] of Object.entries(files)) {
    archive.entry({ name: `${under}${path}`, mtime: new Date(modifiedMs) }, Buffer.from(content));
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** A zip with deflated members, written by hand so that the tests also have names that no writer would accept. */
export function zipOf(files: Files, under = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(`${under}${path}`, 'utf8');
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800, 2);
    fixed.writeUInt16LE(8, 4);
    // 2025-01-31 02:54:54, local time without a zone.
    fixed.writeUInt16LE((2 << 11) | (54 << 5) | 27, 6);
    fixed.writeUInt16LE((45 << 9) | (1 << 5) | 31, 8);
    fixed.writeUInt32LE(crc32(plain), 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(plain.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fixed, tail, name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

export function textOf(source: Source | undefined): string {
  const chunks: Buffer[] = [];
  for (const chunk of source?.read() ?? []) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Path and text of every source. */
export function contentsOf(bundle: Bundle): Record<string, string> {
  return Object.fromEntries(bundle.sources.map((source) => [source.path, textOf(source)]));
}

export function codesOf(bundle: Bundle): readonly string[] {
  return bundle.diagnostics.map((diagnostic) => diagnostic.code);
}

export async function* streamOf(bytes: Uint8Array, chunk = 1000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += chunk) {
    yield bytes.subarray(from, from + chunk);
  }
}
