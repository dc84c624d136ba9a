import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isUserError } from '../../src/model/index.ts';
import { openBundle } from '../../src/sources/index.ts';
import { codesOf, contentsOf, fileOf, folderOf, streamOf, tarOf, tempFolder, textOf, zipOf } from './pack.ts';

const FILES = {
  'node1/journal.log': 'Jan 31 02:54:55 node-1 kubelet[1]: started\n',
  'node1/dmesg.txt': '[    0.000000] Linux version 6.1.0\n',
  'pods.txt': 'NAME READY\n',
  'empty.txt': '',
};
const XZ_LOG =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAqSmFuIDMxIDAyOjU0OjU1IG5vZGUtMSBrdWJlbGV0WzFdOiBzdGFydGVkCgAAUpN1mzk5+EwAAUMrrVBuVx+2830BAAAAAARZWg==';
const BZIP2_LOG =
  'QlpoOTFBWSZTWfYIyAcAAApfgAAQQAJ+EAAQAAo2DZ4AIAAiptTGhoyANCgAGgZMhH5bMriUjJwsFiVM+1sCpzDtcSGw2Afqq+F3JFOFCQ9gjIBw';
const ZSTD_LOG = 'KLUv/SQrWQEASmFuIDMxIDAyOjU0OjU1IG5vZGUtMSBrdWJlbGV0WzFdOiBzdGFydGVkCuWtVcY=';
/** `d/a.log` with the same line. */
const XZ_TAR =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AKhdADILvBunjDRE4cIHdekACY2x8Sapk6bsy/K2wG14fmg0REGH2lN7XqPpDMLerY51mMVQibK16iQXpsrjn/38Q9OjaBxNU3a0az6v7zE4apiuWK2tUnfOmZ6fge9mEY3JlB7SD5rDv4q1SyvXoP2bynzqCTZhU8l89XBV+SOU1thaaX9fXcF/ZE5Mu414k0iNn9jIYZbq8OUrL5hDdF/HsKbGEb320nFkAADCgNQDwZ/uDgABxAGAUAAARDmp9bHEZ/sCAAAAAARZWg==';
const BZIP2_TAR =
  'QlpoOTFBWSZTWfOWn2UAAJ//hMqQAEBAA/+QABAAK3aNngAAAIQIIACUCVBopnqEyGhowINPKCUoDQ0DQAAAHRouNjp8iARKEEQYyhSwqJX1kATjQiA2Jo4efR3X451WHrakpUBmWqjFaJC0Tj5gRNL3l9yvHrm0qIxaY84NsEK0KRWj0Na0lDGxzMtkZLCdEvEd5J2o3zfpHUOAQLjcdaUQBZsonMUYwP4u5IpwoSHnLT7K';
const ZSTD_TAR =
  'KLUv/WQAJ9UDAHJGFBCAfYx9gxYHkznMVF5CXnBTDybloUHzOL1UdhuMoDPjoFRLqp0SDAo4uhIeJYZUSqvmOyKZz3PWH4KOfPdX4c8pxZRnTClUWGLJfHmlWHkyAw8gkBdXG9Ejsh4J+8CoBcFrDx8w2fMoDANg/yC1Y6AEmAKYT8UNHChmvA==';
const LINE = 'Jan 31 02:54:55 node-1 kubelet[1]: started\n';

async function contents(path: string): Promise<Record<string, string>> {
  const bundle = await openBundle([path]);
  try {
    return contentsOf(bundle);
  } finally {
    bundle.close();
  }
}

describe('the same files give the same paths', () => {
  it('in a folder', async () => {
    expect(await contents(folderOf(FILES))).toEqual(FILES);
  });
  it.each([
    ['a tar', async () => fileOf('b.tar', await tarOf(FILES))],
    ['a tar of the folder', async () => fileOf('b.tar', await tarOf(FILES, { under: 'bundle/' }))],
    ['a tar.gz', async () => fileOf('b.tgz', gzipSync(await tarOf(FILES, { under: './bundle/' })))],
    ['a zip', async () => fileOf('b.zip', zipOf(FILES))],
    ['a zip of the folder', async () => fileOf('b.zip', zipOf(FILES, 'bundle/'))],
    [
      'a zip in a tar.gz',
      async () => fileOf('b.tar.gz', gzipSync(await tarOf({ 'x/b.zip': zipOf(FILES, 'bundle/') }))),
    ],
    ['a tar in a zip', async () => fileOf('b.zip', zipOf({ 'b.tar': await tarOf(FILES, { under: 'bundle/' }) }))],
    ['an archive with a wrong name', async () => fileOf('b.log', gzipSync(await tarOf(FILES)))],
  ])('in %s', async (_, make) => {
    expect(await contents(await make())).toEqual(FILES);
  });
  it('on standard input', async () => {
    const bundle = await openBundle(['-'], { stdin: streamOf(gzipSync(await tarOf(FILES, { under: 'bundle/' }))) });
    expect(contentsOf(bundle)).toEqual(FILES);
    bundle.close();
  });
  it('keeps the only folder of an archive that has an entry for its root', async () => {
    const files = { './': '', './node1/journal.log': LINE };
    expect(await contents(fileOf('b.tar', await tarOf(files)))).toEqual({ 'node1/journal.log': LINE });
    expect(await contents(fileOf('b.tar', await tarOf({ './node1/journal.log': LINE })))).toEqual({
      'journal.log': LINE,
    });
  });
});

describe('compressions', () => {
  it.each([
    ['gzip', gzipSync(LINE)],
    ['gzip of two members', Buffer.concat([gzipSync(LINE.slice(0, 10)), gzipSync(LINE.slice(10))])],
    ['gzip with padding behind it', Buffer.concat([gzipSync(LINE), Buffer.alloc(700)])],
    ['xz', Buffer.from(XZ_LOG, 'base64')],
    ['bzip2', Buffer.from(BZIP2_LOG, 'base64')],
    ['zstd', Buffer.from(ZSTD_LOG, 'base64')],
    [
      'xz of two streams with padding between, frames',
      Buffer.concat([Buffer.from(XZ_LOG, 'base64'), Buffer.alloc(8), Buffer.from(XZ_LOG, 'base64'), Buffer.alloc(4)]),
    ],
    [
      'bzip2 of two streams, frames',
      Buffer.concat([Buffer.from(BZIP2_LOG, 'base64'), Buffer.from(BZIP2_LOG, 'base64')]),
    ],
    ['zstd of two frames', Buffer.concat([Buffer.from(ZSTD_LOG, 'base64'), Buffer.from(ZSTD_LOG, 'base64')])],
  ])('unpacks a log in %s', async (name, packed) => {
    const text = name.includes('frames') ? LINE + LINE : LINE;
    expect(await contents(folderOf({ 'kubelet.log.1': packed }))).toEqual({ 'kubelet.log.1': text });
  });
  it.each([
    ['gzip', gzipSync(LINE)],
    ['xz', Buffer.from(XZ_LOG, 'base64')],
    ['bzip2', Buffer.from(BZIP2_LOG, 'base64')],
    ['zstd', Buffer.from(ZSTD_LOG, 'base64')],
  ])('keeps the first part of %s whose second part is cut', async (_, packed) => {
    const cut = Buffer.concat([packed, packed.subarray(0, packed.length - 20)]);
    const bundle = await openBundle([folderOf({ 'kubelet.log.1': cut })]);
    expect(textOf(bundle.sources[0])?.startsWith(LINE)).toBe(true);
    expect(codesOf(bundle)).toEqual(['archive-truncated']);
    bundle.close();
  });
  it.each([
    ['xz', XZ_TAR],
    ['bzip2', BZIP2_TAR],
    ['zstd', ZSTD_TAR],
  ])('unpacks a tar in %s', async (_, packed) => {
    expect(await contents(fileOf('d.tar.x', Buffer.from(packed, 'base64')))).toEqual({ 'a.log': LINE });
  });
  it('unpacks xz in xz archives', async () => {
    const inner = Buffer.from(XZ_TAR, 'base64');
    const bundle = folderOf({ 'a.tar': await tarOf({ 'x/one.xz': inner, 'x/two.xz': Buffer.from(XZ_LOG, 'base64') }) });
    expect(await contents(bundle)).toEqual({ 'a.tar/x/one.xz/d/a.log': LINE, 'a.tar/x/two.xz': LINE });
  });
  it('unpacks large members without holding them in memory', async () => {
    const big = Buffer.from(LINE.repeat(400_000));
    const bundle = await openBundle([fileOf('b.tgz', gzipSync(await tarOf({ 'a.log': big, 'b.log': LINE })))]);
    const [a, b] = bundle.sources;
    expect([a?.bytes, b?.bytes]).toEqual([big.length, LINE.length]);
    expect(textOf(a) === big.toString()).toBe(true);
    expect(textOf(a) === big.toString()).toBe(true);
    bundle.close();
  });
});

describe('nested archives', () => {
  it('become folders of their own name', async () => {
    const path = folderOf({ 'node1.zip': zipOf({ 'logs/kubelet.log': LINE }), 'pods.txt': 'NAME\n' });
    expect(await contents(path)).toEqual({ 'node1.zip/logs/kubelet.log': LINE, 'pods.txt': 'NAME\n' });
  });
  it('are opened to a bounded depth', async () => {
    let archive = await tarOf({ 'a.log': LINE });
    for (let i = 0; i < 6; i += 1) {
      archive = await tarOf({ 'a.tar': archive, 'b.log': `${i}\n` });
    }
    const bundle = await openBundle([fileOf('a.tar', archive)]);
    expect(bundle.sources.map((source) => source.path)).toEqual([
      'a.tar/a.tar/a.tar/b.log',
      'a.tar/a.tar/b.log',
      'a.tar/b.log',
      'b.log',
    ]);
    expect(codesOf(bundle)).toEqual(['archive-too-deep']);
    bundle.close();
  });
});

describe('encodings', () => {
  const text = 'NAME   READY\nprüfung   1/1\n';
  const le = Buffer.from(text, 'utf16le');
  it.each([
    ['UTF-8 with BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), 'byte order mark dropped'],
    ['UTF-16LE with BOM', Buffer.concat([Buffer.from([0xff, 0xfe]), le]), 'decoded from UTF-16LE'],
    ['UTF-16LE', le, 'decoded from UTF-16LE'],
    [
      'UTF-16BE with BOM',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(le).swap16()]),
      'decoded from UTF-16BE',
    ],
    ['UTF-16BE', Buffer.from(le).swap16(), 'decoded from UTF-16BE'],
  ])('%s becomes UTF-8', async (_, bytes, note) => {
    for (const path of [
      folderOf({ 'a.txt': bytes }),
      fileOf('b.tar', await tarOf({ 'a.txt': bytes, 'b.txt': 'b\n' })),
    ]) {
      const bundle = await openBundle([path]);
      const [source] = bundle.sources;
      expect(textOf(source)).toBe(text);
      expect(source?.bytes).toBe(Buffer.byteLength(text));
      expect(source?.notes).toEqual([note]);
      bundle.close();
    }
  });
});

describe('what is no text', () => {
  it('is skipped with a remark', async () => {
    const bundle = await openBundle([
      folderOf({
        kubelet: Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
        'noise.bin': Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)),
        'system.journal': Buffer.from('LPKSHHRH\0\0\0\0', 'latin1'),
        'pods.txt': 'NAME\n',
      }),
    ]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['pods.txt']);
    expect(bundle.diagnostics.map(({ code, source }) => [code, source])).toEqual([
      ['binary-skipped', 'kubelet'],
      ['binary-skipped', 'noise.bin'],
      ['journal-binary', 'system.journal'],
    ]);
    expect(bundle.diagnostics[2]?.message).toContain('journalctl --file X -o json');
  });
  it('keeps text with holes, colours and stray bytes', async () => {
    const files = {
      'holes.log': `${LINE}${'\0'.repeat(4000)}${LINE}`,
      'latin1.log': Buffer.from(`${LINE}température élevée\n`, 'latin1'),
      'colour.log': `\x1b[0;1;31m${LINE}\x1b[0m`,
    };
    const bundle = await openBundle([folderOf(files)]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['colour.log', 'holes.log', 'latin1.log']);
    expect(bundle.diagnostics).toEqual([]);
  });
  it('tells how many remarks of a kind were left out', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`${i}.png`, Buffer.from('\x89PNG\r\n', 'latin1')]),
    );
    const bundle = await openBundle([folderOf({ ...files, 'a.txt': 'a\n' })]);
    expect(bundle.diagnostics).toHaveLength(21);
    expect(bundle.diagnostics.at(-1)?.message).toBe('5 more of this kind.');
  });
});

describe('hostile archives', () => {
  it('cannot name a place outside of themselves', async () => {
    const files = {
      '../up.log': LINE,
      '/etc/abs.log': LINE,
      'a/../../b.log': LINE,
      'C:\\x.log': LINE,
      'good/./a.log': `ok ${LINE}`,
    };
    for (const path of [fileOf('b.tar', await tarOf(files)), fileOf('b.zip', zipOf(files))]) {
      const bundle = await openBundle([path]);
      expect(bundle.sources.map((source) => source.path)).toEqual(['a.log']);
      expect(codesOf(bundle)).toEqual(Array(4).fill('member-name-refused'));
      bundle.close();
    }
  });
  it('are stopped by their ratio of unpacked to packed bytes', async () => {
    const limits = { ratioFromBytes: 1000, ratio: 20 };
    const bomb = gzipSync(Buffer.alloc(3_000_000, 'a'));
    const bundle = await openBundle(
      [folderOf({ 'a.gz': bomb, 'b.log': LINE, 'c.zip': zipOf({ a: 'a'.repeat(100_000) }) })],
      {
        limits,
      },
    );
    expect(bundle.sources.map((source) => source.path)).toEqual(['b.log']);
    expect(bundle.diagnostics.map(({ code, source }) => [code, source])).toEqual([
      ['archive-bomb', 'a.gz'],
      ['archive-bomb', 'c.zip/a'],
    ]);
    bundle.close();
  });
  it('give no more than the bounds on members and bytes', async () => {
    const archive = fileOf('b.tar', await tarOf({ a: 'a'.repeat(3000), b: 'b'.repeat(3000), c: 'c'.repeat(3000) }));
    const byMember = await openBundle([archive], { limits: { memberBytes: 1000 } });
    expect(byMember.sources.map((source) => source.bytes)).toEqual([1000, 1000, 1000]);
    expect(codesOf(byMember)).toEqual(Array(3).fill('member-too-large'));
    const byTotal = await openBundle([archive], { limits: { totalBytes: 4000 } });
    expect(byTotal.sources.map((source) => source.bytes)).toEqual([3000, 1000]);
    expect(codesOf(byTotal)).toEqual(['bundle-too-large']);
    const byCount = await openBundle([archive], { limits: { members: 2 } });
    expect(codesOf(byCount)).toEqual(['too-many-members']);
    expect(byCount.sources).toHaveLength(2);
    const folder = await openBundle([folderOf({ a: 'a', b: 'b', c: 'c' })], { limits: { members: 2 } });
    expect(folder.sources).toHaveLength(2);
  });
  it('survive any bytes', async () => {
    const starts = ['\x1f\x8b\x08', '\x28\xb5\x2f\xfd', '\xfd7zXZ\0', 'PK\x03\x04', 'BZh91AY&SY'];
    const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 31 + 7) % 251));
    const files = Object.fromEntries(
      starts.map((start, i) => [`${i}`, Buffer.concat([Buffer.from(start, 'latin1'), noise])]),
    );
    const bundle = await openBundle([folderOf({ ...files, z: 'text\n' })]);
    expect(bundle.sources.map((source) => source.path)).toContain('z');
    expect(new Set(bundle.diagnostics.map((diagnostic) => diagnostic.source))).toEqual(
      new Set(['0', '1', '2', '3', '4']),
    );
    bundle.close();
  });
});

describe('cut archives', () => {
  // Text that compresses badly, so that half of the bytes hold about half of the lines.
  const long = Array.from({ length: 20_000 }, (_, i) => `${(i * 2654435761) % 4294967296} line ${i}\n`).join('');

  it('of gzip give what lies before the cut', async () => {
    const packed = gzipSync(long);
    const bundle = await openBundle([folderOf({ 'a.log.gz': packed.subarray(0, packed.length / 2) })]);
    const text = textOf(bundle.sources[0]);
    expect(text.length).toBeGreaterThan(long.length * 0.4);
    expect(long.startsWith(text)).toBe(true);
    expect(codesOf(bundle)).toEqual(['archive-truncated']);
    bundle.close();
  });
  it('of tar.gz give whole members and the cut one', async () => {
    const packed = gzipSync(await tarOf({ 'first.log': LINE, 'second.log': long }));
    const bundle = await openBundle([fileOf('b.tgz', packed.subarray(0, packed.length / 2))]);
    const [first, second] = bundle.sources;
    expect(textOf(first)).toBe(LINE);
    expect(textOf(second).length).toBeGreaterThan(long.length * 0.4);
    expect(long.startsWith(textOf(second))).toBe(true);
    expect(second?.notes).toEqual(['cut off: see the diagnostics']);
    expect(codesOf(bundle)).toContain('archive-truncated');
    bundle.close();
  });
  it('of zip are read member by member', async () => {
    const packed = zipOf({ 'a/first.log': LINE, 'a/second.log': long });
    const bundle = await openBundle([fileOf('b.zip', packed.subarray(0, packed.length - 60_000))]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['first.log', 'second.log']);
    expect(textOf(bundle.sources[0])).toBe(LINE);
    expect(long.startsWith(textOf(bundle.sources[1]))).toBe(true);
    expect(codesOf(bundle)).toContain('archive-truncated');
    bundle.close();
  });
  it.each([
    ['xz', XZ_TAR],
    ['bzip2', BZIP2_TAR],
    ['zstd', ZSTD_TAR],
  ])('of %s are remarked on', async (_, base64) => {
    const packed = Buffer.from(base64, 'base64');
    const bundle = await openBundle([folderOf({ 'a.log': LINE, 'b.tar.x': packed.subarray(0, packed.length - 40) })]);
    expect(bundle.diagnostics.some(({ source, code }) => source === 'b.tar.x' && code.startsWith('archive-'))).toBe(
      true,
    );
    bundle.close();
  });
  it('of tar go on behind a damaged header', async () => {
    const archive = await tarOf({ 'a.log': LINE, 'b.log': `b ${LINE}`, 'c.log': `c ${LINE}` });
    archive.fill('x', 1024, 1100);
    const bundle = await openBundle([fileOf('b.tar', archive)]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['a.log', 'c.log']);
    expect(codesOf(bundle)).toEqual(['archive-damaged']);
    bundle.close();
  });
});

describe('folders', () => {
  it('do not follow links, and say so of those that leave', async () => {
    const root = folderOf({ 'real/a.log': LINE });
    symlinkSync(join(root, 'real/a.log'), join(root, 'again.log'));
    symlinkSync(root, join(root, 'real/loop'));
    symlinkSync(tempFolder(), join(root, 'outside'));
    const bundle = await openBundle([root]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['real/a.log']);
    expect(bundle.diagnostics.map(({ code, source }) => [code, source])).toEqual([['link-outside', 'outside']]);
  });
  it('count files of the same bytes once, unless they are of different nodes or pods', async () => {
    const log = LINE.repeat(20);
    const bundle = await openBundle([
      folderOf({
        'b/copy.log': log,
        'a/kubelet.log': log,
        'tiny1.txt': 'No resources found\n',
        'tiny2.txt': 'No resources found\n',
      }),
    ]);
    expect(bundle.sources.map((source) => source.path)).toEqual(['a/kubelet.log', 'tiny1.txt', 'tiny2.txt']);
    expect(bundle.diagnostics).toEqual([
      {
        severity: 'info',
        code: 'duplicate-file',
        message: 'Holds the same bytes as a/kubelet.log and is counted once.',
        source: 'b/copy.log',
      },
    ]);
  });
});

describe('several inputs', () => {
  it('are one bundle, told apart by their names and independent of their order', async () => {
    const node1 = folderOf({ 'kubelet.log': `1 ${LINE}` }, 'node1');
    const node2 = fileOf('node2.tgz', gzipSync(await tarOf({ 'node2/kubelet.log': `2 ${LINE}` })));
    const single = fileOf('pods.txt', 'NAME\n');
    const bundle = await openBundle([single, node2, node1]);
    expect(Object.keys(contentsOf(bundle))).toEqual(['node1/kubelet.log', 'node2/kubelet.log', 'pods.txt']);
    bundle.close();
  });
});

describe('name and times', () => {
  it('come from the path and from the members of archives, never from files of a folder', async () => {
    const archive = await tarOf(FILES, { modifiedMs: Date.UTC(2025, 0, 31, 3) });
    const tar = await openBundle([fileOf('support-x.tar.gz', gzipSync(archive))]);
    expect(tar.name).toBe('support-x');
    expect(tar.collectionHints).toContainEqual({
      stamp: { kind: 'instant', epochMs: Date.UTC(2025, 0, 31, 3), precisionMs: 1000 },
      basis: 'file times',
    });
    const zip = await openBundle([fileOf('x.zip', zipOf(FILES))]);
    expect(zip.collectionHints).toContainEqual({
      stamp: { kind: 'wall', year: 2025, month: 1, day: 31, msOfDay: 10_494_000, precisionMs: 2000 },
      basis: 'file times',
    });
    const folder = await openBundle([folderOf(FILES, 'plain')]);
    expect([folder.name, folder.collectionHints]).toEqual(['plain', []]);
  });
});

describe('closing', () => {
  it('removes what was written to disk', async () => {
    const before = temporaries();
    const bundle = await openBundle([fileOf('b.tar', await tarOf({ 'a.log': LINE }))], { limits: { memoryBytes: 0 } });
    expect(textOf(bundle.sources[0])).toBe(LINE);
    const [made] = temporaries().filter((name) => !before.includes(name));
    expect(existsSync(join(tmpdir(), made ?? 'none'))).toBe(true);
    bundle.close();
    expect(existsSync(join(tmpdir(), made ?? 'none'))).toBe(false);
  });
});

function temporaries(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^forensics-(?!test-)/u.test(name));
}

describe('the user gets an error that says what to do', () => {
  it.each([
    ['a missing path', () => join(tempFolder(), 'no', 'such'), 'BUNDLE_NOT_FOUND'],
    ['an empty folder', () => tempFolder(), 'BUNDLE_UNREADABLE'],
    ['a folder of pictures', () => folderOf({ 'a.png': Buffer.from('\x89PNG\r\n', 'latin1') }), 'BUNDLE_UNREADABLE'],
    ['standard input that is not there', () => '-', 'BUNDLE_NOT_FOUND'],
  ])('for %s', async (_, make, code) => {
    const path = make();
    const error = await openBundle([path]).catch((reason: unknown) => reason);
    expect(isUserError(error)).toBe(true);
    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(path);
  });
  it('but zero bytes are a file like any other', async () => {
    mkdirSync(join(tempFolder(), 'x'));
    const bundle = await openBundle([fileOf('a.log', '')]);
    expect(bundle.sources.map(({ path, bytes }) => [path, bytes])).toEqual([['a.log', 0]]);
  });
});
