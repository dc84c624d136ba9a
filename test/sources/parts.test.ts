import { describe, expect, it } from 'vitest';
import { contentKind } from '../../src/sources/content-kind.ts';
import { rotatedSeries } from '../../src/sources/index.ts';
import { bundleName, memberPath } from '../../src/sources/names.ts';
import { tarOf } from './pack.ts';

describe('rotatedSeries', () => {
  it('orders parts from oldest to newest, the live file last', () => {
    expect(
      rotatedSeries([
        'var/kubelet.log',
        'var/kubelet.log.1',
        'var/kubelet.log.10.gz',
        'var/kubelet.log.2.gz',
        'messages',
        'messages-20250131',
        'messages-20250124.xz',
        'pods/x/0.log',
        'pods/x/0.log.20250131-025455.gz',
        'pods/x/0.log.20250131-015455.gz',
        'pods/x/1.log',
        'alone.log.1',
      ]),
    ).toEqual([
      { base: 'messages', paths: ['messages-20250124.xz', 'messages-20250131', 'messages'] },
      {
        base: 'pods/x/0.log',
        paths: ['pods/x/0.log.20250131-015455.gz', 'pods/x/0.log.20250131-025455.gz', 'pods/x/0.log'],
      },
      {
        base: 'var/kubelet.log',
        paths: ['var/kubelet.log.10.gz', 'var/kubelet.log.2.gz', 'var/kubelet.log.1', 'var/kubelet.log'],
      },
    ]);
  });
});

describe('names', () => {
  it.each([
    ['bundle.tar.gz', 'bundle'],
    ['bundle.tgz', 'bundle'],
    ['must-gather.local.123.tar.zst', 'must-gather.local.123'],
    ['kubelet.log.1.gz', 'kubelet.log.1'],
    ['journal.txt', 'journal.txt'],
    ['.zip', '.zip'],
  ])('%s names the bundle %s', (file, name) => {
    expect(bundleName(file)).toBe(name);
  });
  it.each([
    ['./a//b/./c.log', 'a/b/c.log'],
    ['dev-disk-by\\x2duuid.txt', 'dev-disk-by\\x2duuid.txt'],
    ['a\nb', 'a?b'],
    ['/a', undefined],
    ['a/..', undefined],
    ['..', undefined],
    ['C:/x', undefined],
    ['', undefined],
    ['./', undefined],
  ])('member %j has the path %j', (name, path) => {
    expect(memberPath(name)).toBe(path);
  });
});

describe('contentKind', () => {
  it('knows old tars without a magic number by their checksum', async () => {
    const archive = Buffer.from(await tarOf({ 'a.log': 'x' }));
    archive.fill(0, 257, 265);
    archive.fill(' ', 148, 156);
    const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(contentKind(archive)).toEqual({ kind: 'tar' });
    archive.write('x', 0);
    expect(contentKind(archive).kind).not.toBe('tar');
  });
  it.each([
    ['', 'text'],
    ['BZhello', 'text'],
    ['PKI is broken', 'text'],
    ['\0'.repeat(3000), 'text'],
    ['a\0b\0c\0', 'text'],
    ['журнал', 'text'],
  ])('%j is %s', (text, kind) => {
    expect(contentKind(Buffer.from(text)).kind).toBe(kind);
  });
});
