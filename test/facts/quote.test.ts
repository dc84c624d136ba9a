import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteOf } from '../../src/facts/quote.ts';

describe('a quote', () => {
  it('is the whole line where it is short', () => {
    expect(quoteOf('nfs: server nas not responding\r', [])).toBe('nfs: server nas not responding');
  });
  it('keeps what matched in a long line', () => {
    const line = `${'x'.repeat(600)} lookup quay.io: Try again ${'y'.repeat(600)}`;
    expect(quoteOf(line, ['lookup quay.io: Try again'])).toContain('lookup quay.io: Try again');
  });
  it('keeps the captured cause of an Event, whose match does not stand in the line', () => {
    const line = `  Warning  ProvisioningFailed  2m (x7 over 9m)  csi.example.com_${'c'.repeat(80)}  failed to provision volume with StorageClass "fast": rpc error: code = Internal desc = ${'x'.repeat(60)} disk pool is offline`;
    const cause = line.slice(line.indexOf('rpc error'));
    const quote = quoteOf(
      line,
      [`ProvisioningFailed: ${line.slice(line.indexOf('failed to'))}`, 'ProvisioningFailed'],
      [cause],
    );
    expect(quote).toContain('disk pool is offline');
  });
  it('is always an exact substring of at most 240 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), fc.string({ maxLength: 30 }), (line, wanted) => {
        const quote = quoteOf(line, [wanted]);
        expect(line.includes(quote) && quote.length <= 240).toBe(true);
      }),
    );
  });
});
