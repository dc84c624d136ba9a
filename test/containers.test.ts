/** The same bundle in whatever it is packed: the same report. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import type { IncidentReport } from '../src/model/report.ts';
import { renderers } from '../src/renderers/index.ts';
import { type Files, fileOf, folderOf, streamOf, tarOf, zipOf } from './sources/pack.ts';
import { bundleOf } from './support/fixtures.ts';
import { templates } from './support/templates.ts';

const FIXTURE = bundleOf('nfs-dns-cilium-cascade');
const FILES: Files = Object.fromEntries(
  readdirSync(FIXTURE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(FIXTURE.length + 1), readFileSync(path)]),
);
const NODE = 'k8s-cp-01';

interface Rendered {
  readonly md: string;
  readonly json: string;
}

/** Without the name of the bundle, which is that of its file. */
function rendered(report: IncidentReport): Rendered {
  const named = { ...report, bundle: { ...report.bundle, name: 'bundle' } };
  const render = (format: string) => renderers.get(format)?.render(named, { templates }) ?? '';
  return { md: render('md'), json: render('json') };
}

async function reportOf(path: string): Promise<Rendered> {
  return rendered((await analyze([path])).report);
}

/** Packed by a program of this machine; undefined where there is none. */
function packedBy(program: string, bytes: Uint8Array): Buffer | undefined {
  const run = spawnSync(program, ['-c'], { input: bytes, maxBuffer: 64 << 20 });
  return run.status === 0 ? run.stdout : undefined;
}

let plain: Rendered = { md: '', json: '' };

beforeAll(async () => {
  plain = await reportOf(folderOf(FILES));
  expect(plain.md).toContain('truenas');
});

describe('the report of a bundle', () => {
  it.each([
    ['a .tar', async () => fileOf('night.tar', await tarOf(FILES))],
    ['a .tar.gz of the folder', async () => fileOf('night.tar.gz', gzipSync(await tarOf(FILES, { under: 'night/' })))],
    ['a .zip', async () => fileOf('night.zip', zipOf(FILES))],
    ['a .zip of the folder', async () => fileOf('night.zip', zipOf(FILES, 'night/'))],
    [
      'a .zip in a .tar.gz',
      async () => fileOf('case.tar.gz', gzipSync(await tarOf({ 'night.zip': zipOf(FILES, 'night/') }))),
    ],
    ['files in another order', async () => folderOf(Object.fromEntries(Object.entries(FILES).toReversed()))],
  ])('is the same of %s', async (_, make) => {
    expect(await reportOf(await make())).toEqual(plain);
  });

  it('is the same of an archive on standard input', async () => {
    const stdin = streamOf(gzipSync(await tarOf(FILES, { under: 'night/' })), 4096);
    expect(rendered((await analyze(['-'], { stdin })).report)).toEqual(plain);
  });

  it.each([
    ['.tar.zst', 'zstd'],
    ['.tar.xz', 'xz'],
    ['.tar.bz2', 'bzip2'],
  ])('is the same of a %s', async (extension, program) => {
    const packed = packedBy(program, await tarOf(FILES, { under: 'night/' }));
    if (packed === undefined) {
      expect(spawnSync(program, ['--version']).error, `${program} is there and does not pack`).toBeDefined();
      return;
    }
    expect(await reportOf(fileOf(`night${extension}`, packed))).toEqual(plain);
  });

  it('is the same but for their paths where the files of a node are a .zip of their own', async () => {
    const isOfNode = ([path]: readonly [string, unknown]) => path.startsWith(`${NODE}/`);
    const entries = Object.entries(FILES);
    const node = Object.fromEntries(
      entries.filter(isOfNode).map(([path, content]) => [path.slice(NODE.length + 1), content]),
    );
    const rest = Object.fromEntries(entries.filter((entry) => !isOfNode(entry)));
    const nested = { ...rest, [`${NODE}.zip`]: zipOf(node) };
    const { md, json } = await reportOf(fileOf('night.tar.gz', gzipSync(await tarOf(nested))));
    const there = (text: string) => text.replaceAll(`${NODE}.zip/`, `${NODE}/`);
    expect(there(md)).toEqual(plain.md);
    expect(there(json)).toEqual(plain.json);
  });
});
