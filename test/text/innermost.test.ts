import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { innermostError } from '../../src/text/innermost.ts';

describe('the innermost cause', () => {
  it.each([
    ['a: b: rpc error: code = Unknown desc = c: d', 'd'],
    ['rpc error: code = Unavailable desc = connection closed', 'connection closed'],
    [
      'failed to pull image "docker.io/x:1": failed to do request: Head "https://r.io/v2/x": dial tcp: lookup r.io: Try again',
      'lookup r.io: Try again',
    ],
    ['Get "https://10.96.0.1:443/version": dial tcp 10.96.0.1:443: i/o timeout', 'dial tcp 10.96.0.1:443: i/o timeout'],
    ['dial tcp 127.0.0.1:9: connect: connection refused', 'dial tcp 127.0.0.1:9: connect: connection refused'],
    ['failed to start: exit status 1', 'failed to start: exit status 1'],
    [
      'open /etc/kubernetes/kubelet.conf: no such file or directory',
      'open /etc/kubernetes/kubelet.conf: no such file or directory',
    ],
    ['see https://example/a:b for more', 'see https://example/a:b for more'],
    [
      'failed to "StartContainer" for "a" with ErrImagePull: "rpc error: code = 2 desc = pull failed: no space left"',
      'no space left',
    ],
    ['plain text', 'plain text'],
    ['ends with a colon: ', 'ends with a colon:'],
    ['', ''],
  ])('%s → %s', (text, cause) => {
    expect(innermostError(text)).toBe(cause);
  });

  it('never throws and never grows, in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(innermostError(text).length).toBeLessThanOrEqual(Math.max(text.length, 0));
      }),
    );
    const started = performance.now();
    for (const seed of ['"', ': ', '": "', '[', 'read: ', 'code = a desc = ', '\\"']) {
      innermostError(seed.repeat(50_000));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
