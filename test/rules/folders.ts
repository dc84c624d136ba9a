import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A rule folder with these files, removed after the test. */
export function ruleFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const TAGS = '- { id: disk-slow, means: A disk is slow }\n- { id: task-blocked, means: A task waits }\n';
const ROLES = '- { role: cni, title: CNI, layer: cni }\n- { role: cluster-dns, title: DNS, layer: dns }\n';

/** A sound log signature; lines of `more` are added at the end. */
export function signature(id: string, more = '', anchor = 'blocked for more than'): string {
  return `id: ${id}
title: Task {{comm}} is blocked
kind: log
sources: [kernel]
match:
  anchors: ['${anchor}']
  pattern: 'INFO: task (?<comm>.{1,15}):(?<pid>\\d{1,9}) ${anchor} (?<seconds>\\d{1,9}) seconds'
layer: node
severity: high
examples:
  match: [{ line: 'INFO: task loki:12 ${anchor} 122 seconds', captures: { comm: loki, seconds: '122' } }]
  reject: [{ line: 'soft lockup', because: a lockup keeps a processor busy }]
${more}`;
}

export function link(cause: string, effect: string, more = ''): string {
  return `id: ${cause}--${effect}
cause: ${cause}
effect: ${effect}
confidence: definite
mechanism: It waits.
${more}`;
}

export const BASE = {
  'tags.yaml': TAGS,
  'roles.yaml': ROLES,
  'model.yaml': 'requires: []\nbypass: []\n',
} as const;
