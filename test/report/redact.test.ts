import { describe, expect, it } from 'vitest';
import { incidentReportSchema } from '../../src/model/report.ts';
import { buildReport } from '../../src/report/index.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { line, sampleGraph, sampleInput } from '../support/sample-graph.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzYSJ9.c2lnbmF0dXJl';

describe('secrets', () => {
  it.each([
    ['Authorization: Bearer abc123DEF456ghi', 'Authorization: Bearer <secret:1>'],
    [`token: ${JWT}`, 'token: <secret:1>'],
    ['password=hunter2 user=x', 'password=<secret:1> user=x'],
    ['--token=K10ab12 --server x', '--token=<secret:1> --server x'],
    ['--password s3cr3t! next', '--password <secret:1> next'],
    ['{"password":"hunter2","user":"x"}', '{"password":"<secret:1>","user":"x"}'],
    ['{\\"apiKey\\":\\"hunter2hunter\\"}', '{\\"apiKey\\":\\"<secret:1>\\"}'],
    ['client_secret: abcd1234', 'client_secret: <secret:1>'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG', 'AWS_SECRET_ACCESS_KEY=<secret:1>'],
    ['using AKIAIOSFODNN7EXAMPLE now', 'using <secret:1> now'],
    ['GET https://bob:pa55@registry.example/v2/', 'GET https://bob:<secret:1>@registry.example/v2/'],
    ['{"auths":{"r.example":{"auth":"Ym9iOnBhNTU="}}}', '{"auths":{"r.example":{"auth":"<secret:1>"}}}'],
    ['join --token abcdef.0123456789abcdef', 'join --token <secret:1>'],
    ['K10abcdef0123456789abcdef0123456789::server:0123456789abcdef', '<secret:1>'],
    ['-----BEGIN RSA PRIVATE KEY----- MIIEow== -----END RSA PRIVATE KEY-----', '<secret:1>'],
    ['ghp_abcdefghijklmnopqrstuvwx0123', '<secret:1>'],
  ])('%s', (text, expected) => {
    expect(createRedactor('secrets').redact(text)).toBe(expected);
  });
  it.each([
    'secret "grafana-admin" not found',
    'MountVolume.SetUp failed for volume "token-abc" : secret "x" not registered',
    'basic authentication failed',
    'bearer authentication required',
    'tokens: 12 left, no password given',
    'password: required',
    'lookup registry.example: Try again',
    'kubelet passed --token-auth-file and tokenTTL',
    'at 02:57:18 in 10.0.0.1',
  ])('leaves: %s', (text) => {
    expect(createRedactor('secrets').redact(text)).toBe(text);
  });
  it('numbers by value, over all texts', () => {
    const { redact, counts } = createRedactor('secrets');
    expect(redact('password=alpha1 token=beta22')).toBe('password=<secret:1> token=<secret:2>');
    expect(redact('token=alpha1')).toBe('token=<secret:1>');
    expect(counts()).toEqual({ secrets: 2, addresses: 0, kinds: { 'key-value': 3 } });
  });
  it('stays fast on long hostile lines', () => {
    const { redact } = createRedactor('secrets+addresses', ['node-1']);
    const begin = performance.now();
    for (const piece of ['password', 'a_', 'eyJ', 'http://a:', '1:', '-----BEGIN ', '1.1.', 'token='])
      redact(piece.repeat(2000));
    expect(performance.now() - begin).toBeLessThan(1500);
  });
});

describe('addresses', () => {
  it.each([
    ['dial tcp 10.43.0.10:53: i/o timeout', 'dial tcp <address:1>:53: i/o timeout'],
    ['node cp-7 and cp-70', 'node <address:1> and cp-70'],
    ['at 02:57:18 lookup quay.io: Try again', 'at 02:57:18 lookup <address:1>: Try again'],
    ['from fd00::1 and fe80::1:2', 'from <address:1> and <address:2>'],
    ['get https://api.example:6443/x', 'get https://<address:1>:6443/x'],
    ['link 52:54:00:12:34:56 up', 'link <address:1> up'],
    ['127.0.0.1 refused', '127.0.0.1 refused'],
    ['std::string v1.29.3 10:15', 'std::string v1.29.3 10:15'],
  ])('%s', (text, expected) => {
    expect(createRedactor('secrets+addresses', ['cp-7']).redact(text)).toBe(expected);
  });
});

describe('a report', () => {
  const quote = `login with password=hunter2 from 10.1.2.3 with ${JWT}`;
  const fact = {
    ...sampleGraph.facts.get('host-dns'),
    title: 'password=hunter2 in a title',
    evidence: [line('a.log', 3, quote)],
  };
  const withSecret = (redact: 'secrets' | 'secrets+addresses' | 'none') =>
    buildReport({
      ...sampleInput,
      redact,
      graph: { ...sampleGraph, facts: new Map([...sampleGraph.facts, ['host-dns', fact as never]]) },
    });

  it('holds no secret anywhere, and counts them', () => {
    const report = withSecret('secrets');
    expect(JSON.stringify(report)).not.toMatch(/hunter2|eyJhbGci/u);
    expect(report.redactions).toMatchObject({ mode: 'secrets', secrets: 2 });
    const shown = report.facts.find(({ id }) => id === 'host-dns');
    expect(shown?.title).toMatch(/^password=<secret:\d> in a title$/u);
    expect(shown?.evidence[0]?.quote).toMatch(/^login with password=<secret:\d> from 10\.1\.2\.3 with <secret:\d>$/u);
  });
  it('holds no host name or address when asked', () => {
    const text = JSON.stringify(withSecret('secrets+addresses'));
    expect(text).not.toMatch(/10\.1\.2\.3|filer\.storage\.example|\bcp-7\b/u);
  });
  it('keeps to its schema when a host has a name of ours', () => {
    const fact = {
      ...sampleGraph.facts.get('host-dns'),
      entities: { node: 'node/dns' },
      attributes: { token: 'hunter2' },
    };
    const report = buildReport({
      ...sampleInput,
      redact: 'secrets+addresses',
      graph: { ...sampleGraph, facts: new Map([...sampleGraph.facts, ['host-dns', fact as never]]) },
    });
    expect(incidentReportSchema.safeParse(report).error).toBeUndefined();
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
  it('stays as it is with none', () => {
    expect(JSON.stringify(withSecret('none'))).toContain('hunter2');
  });
});
