import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { folderOf } from '../sources/pack.ts';

const kernel = (minute: number, node = 'n7') =>
  `Jan 31 02:0${minute}:00 ${node} kernel: nfs: server nas.example.net not responding, still trying\n`;
const dmesg = (seconds: number) => `[ ${seconds}.000000] nfs: server nas.example.net not responding, still trying\n`;
const kubelet = (second: string) =>
  `Jan 31 02:05:${second} n7 kubelet[1102]: E0131 02:05:${second}.119000    1102 kubelet.go:2407] "Error getting node" err="node \\"n7\\" not found"\n`;

async function counts(files: Readonly<Record<string, string>>) {
  const { report } = await analyze([folderOf(files)], { collectedAt: Date.UTC(2025, 0, 31, 3) });
  return Object.fromEntries(
    report.facts.map(({ signature, count, evidence }) => [signature, [count, evidence[0]?.source]]),
  );
}

describe('a line that two files hold', () => {
  it('is counted once: the journal and a unit of it, the journal and dmesg', async () => {
    const journal = [1, 2, 3].map((minute) => kernel(minute)).join('') + kubelet('10') + kubelet('20');
    const found = await counts({
      'n7/journal.log': journal,
      'n7/kubelet.log': kubelet('10') + kubelet('20'),
      'n7/dmesg.txt': `[    0.000000] Linux version 6.1.0\n${dmesg(3660)}${dmesg(3720)}${dmesg(3780)}`,
    });
    expect(found['nfs-server-not-responding']).toEqual([3, 'n7/journal.log']);
    expect(found['kubelet-node-not-found']).toEqual([2, 'n7/journal.log']);
  });

  it('is counted as often as one of the files repeats it', async () => {
    const found = await counts({ 'n7/a.log': kernel(1) + kernel(1), 'n7/b.log': kernel(1) + kernel(2) });
    expect(found['nfs-server-not-responding']?.[0]).toBe(3);
  });

  it('is counted twice when two machines wrote it', async () => {
    const found = await counts({ 'n7/journal.log': kernel(1), 'n8/journal.log': kernel(1, 'n8') });
    expect(found['nfs-server-not-responding']?.[0]).toBe(2);
  });
});
