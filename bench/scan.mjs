/**
 * Compares reading a file or folder of logs with a plain literal search over the same bytes.
 *
 *     npm run build && node bench/scan.mjs PATH [LITERALS-FILE] [RUNS]
 *
 * The yardstick is `rg -c -F -f`, or `grep -c -F -f` where ripgrep is not installed. Both run as whole processes, in
 * turns; what counts is the ratio of one run, not seconds. Without a file of literals a few kernel messages are used.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [path, literalsFile, runs = '5'] = process.argv.slice(2);
const SAMPLE = [
  'not responding, still trying',
  'blocked for more than',
  'Out of memory: Killed process',
  'I/O error, dev',
];

if (path === undefined) {
  process.stderr.write('usage: node bench/scan.mjs PATH [LITERALS-FILE] [RUNS]\n');
  process.exit(2);
}

/** Runs in a process of its own: reads everything below the path once. */
const WORKER = `
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
const [dist, literals, ...files] = process.argv.slice(1);
const { readSources } = await import(dist + 'read.js');
const { compileLiterals } = await import(dist + 'scan/literals.js');
const sources = files.map((file) => ({
  path: file, context: {}, notes: [], bytes: statSync(file).size,
  *read() {
    const buffer = Buffer.allocUnsafe(1 << 18);
    const fd = openSync(file, 'r');
    try { for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) yield buffer.subarray(0, n); } finally { closeSync(fd); }
  },
}));
const bundle = { name: 'bench', layout: 'files', sources, collectionHints: [], diagnostics: [], close() {} };
const set = compileLiterals(readFileSync(literals, 'utf8').split('\\n').filter((line) => line !== ''));
const read = await readSources(bundle, set, new Map());
const sum = (of) => read.reduce((total, each) => total + of(each), 0);
console.log(JSON.stringify({ lines: sum((r) => r.coverage.lines), records: sum((r) => r.records.length), rss: process.resourceUsage().maxRSS >> 10 }));
`;

function filesBelow(root) {
  return statSync(root).isDirectory()
    ? readdirSync(root, { recursive: true })
        .map((name) => join(root, name))
        .filter((name) => statSync(name).isFile())
        .toSorted()
    : [root];
}

function secondsOf(run) {
  const from = process.hrtime.bigint();
  const output = run();
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, output };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const files = filesBelow(path);
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
const folder = mkdtempSync(join(tmpdir(), 'scan-bench-'));
const literals = literalsFile ?? join(folder, 'literals');
if (literalsFile === undefined) {
  writeFileSync(literals, `${SAMPLE.join('\n')}\n`);
}
const searcher = spawnSync('rg', ['--version']).status === 0 ? 'rg' : 'grep';
const dist = new URL('../dist/', import.meta.url);

function search() {
  // A count of 0 in every file ends with status 1.
  return spawnSync(searcher, ['-c', '-F', '-f', literals, ...files], { maxBuffer: 1 << 26 }).status;
}

function read() {
  return execFileSync(process.execPath, ['--input-type=module', '-e', WORKER, dist.href, literals, ...files], {
    encoding: 'utf8',
    cwd: fileURLToPath(dist),
  });
}

search();
const pairs = Array.from({ length: Number(runs) }, () => ({ search: secondsOf(search), read: secondsOf(read) }));
rmSync(folder, { recursive: true });
const ratio = median(pairs.map((pair) => pair.read.seconds / pair.search.seconds));
const { lines, records, rss } = JSON.parse(pairs[0].read.output);
process.stdout.write(
  `${(bytes / 1e6).toFixed(0)} MB, ${files.length} files, ${lines} lines, ${records} records kept, peak ${rss} MiB\n` +
    `${searcher} -c -F: ${median(pairs.map((pair) => pair.search.seconds)).toFixed(2)} s, ` +
    `read: ${median(pairs.map((pair) => pair.read.seconds)).toFixed(2)} s, ratio ${ratio.toFixed(2)}\n`,
);
