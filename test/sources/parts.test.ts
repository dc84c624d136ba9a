import { describe, expect, it } from 'vitest';
import { contentKind } from '../../src/sources/content-kind.ts';
import { bundleName, memberPath } from '../../src/sources/names.ts';
import { rotations } from '../../src/sources/rotation.ts';
import { tarOf } from './pack.ts';

describe('rotations', () => {
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`) + 86_400_000;

  it('orders parts from oldest to newest, the live file last, and tells the day of the rotation', () => {
    const found = rotations([
      'var/kubelet.log',
      'var/kubelet.log.1',
      'var/kubelet.log.10.gz',
      'var/kubelet.log.2.gz',
      'messages',
      'messages-20250131',
      'messages-20250124.xz',
      'pods/x/0.log',
      'pods/x/0.log.20250131-025455.gz',
      'pods/x/1.log',
      'alone.log.1',
      'other-20250131.log',
      'build-20259999',
    ]);
    expect(Object.fromEntries(found)).toEqual({
      'messages-20250124.xz': { series: 'messages', index: 0, endedBefore: day('2025-01-24') },
      'messages-20250131': { series: 'messages', index: 1, endedBefore: day('2025-01-31') },
      messages: { series: 'messages', index: 2 },
      'pods/x/0.log.20250131-025455.gz': { series: 'pods/x/0.log', index: 0, endedBefore: day('2025-01-31') },
      'pods/x/0.log': { series: 'pods/x/0.log', index: 1 },
      'var/kubelet.log.10.gz': { series: 'var/kubelet.log', index: 0 },
      'var/kubelet.log.2.gz': { series: 'var/kubelet.log', index: 1 },
      'var/kubelet.log.1': { series: 'var/kubelet.log', index: 2 },
      'var/kubelet.log': { series: 'var/kubelet.log', index: 3 },
      'other-20250131.log': { series: 'other.log', index: 0, endedBefore: day('2025-01-31') },
    });
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
