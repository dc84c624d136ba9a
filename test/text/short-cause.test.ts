import { describe, expect, it } from 'vitest';
import { shortCause } from '../../src/text/short-cause.ts';

const args =
  'occurred while running rbd args: [--id csi-rbd-node -m 10.0.0.1:6789 map pool/csi-vol-1 --device-type krbd]';

describe('shortCause', () => {
  it.each([
    ['what is short', 'mount failed: exit status 32', 'mount failed: exit status 32'],
    ['a long path', `/kubepods.slice/${'a'.repeat(200)}`, `/kubepods.slice/${'a'.repeat(200)}`],
  ])('leaves %s as it is', (_, text, short) => {
    expect(shortCause(text)).toBe(short);
  });

  it('keeps the innermost cause of a long chain', () => {
    const text = `rpc error: code = Internal desc = rbd: map failed with error ${args}: rbd: map failed: (95) Operation not supported`;
    expect(shortCause(text)).toBe('(95) Operation not supported');
  });

  it('drops what a quoted message leaves behind', () => {
    const text = `mount failed: exit status 32\\nMounting arguments: ${args}\\nmount.nfs: access denied by server\\n\\n"`;
    expect(shortCause(text)).toBe('access denied by server');
  });

  it('reads the causes that runc nests in quotes', () => {
    const text = String.raw`container_linux.go:348: starting container process caused "process_linux.go:402: container init caused \"rootfs_linux.go:58: mounting a caused \\\"open /etc/resolv.conf: read-only file system\\\"\"": unknown`;
    expect(shortCause(text)).toBe('open /etc/resolv.conf: read-only file system');
  });

  it('does not take a link for a cause', () => {
    const text = `toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit`;
    expect(shortCause(text)).toMatch(/^You have reached your pull rate limit/u);
  });

  it('cuts long text without a chain', () => {
    const text = 'all of these words belong together '.repeat(9);
    expect(shortCause(text)).toMatch(/^all of .{80,120}…$/u);
  });
});
