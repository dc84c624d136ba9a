import type { IncidentReport } from '../model/report.ts';

export type RedactionMode = 'secrets' | 'secrets+addresses' | 'none';

interface Kind {
  readonly name: string;
  /** Group `secret` is replaced, the rest of the match stays. */
  readonly pattern: RegExp;
  /** What a value must look like beyond that: `bearer authentication` holds no token. */
  readonly only?: RegExp;
}

const WORD = '[A-Za-z0-9_.-]{0,40}';
const SECRET_KEY =
  '(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|credentials?|authorization)';

/**
 * Forms in which secrets reach logs, most telling first. All are linear: bounded repetitions, no nesting.
 *
 * A value after `password=` counts from 4 characters; words that only name a place (`secret "x" not found`,
 * `secretName: x`, `secret/ns/name`) are not secrets.
 */
const KINDS: readonly Kind[] = [
  {
    name: 'private-key',
    pattern:
      /(?<secret>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?)/gu,
  },
  { name: 'jwt', pattern: /(?<![\w.-])(?<secret>eyJ[\w-]{8,4000}\.[\w-]{4,4000}(?:\.[\w-]{0,4000})?)/gu },
  {
    name: 'bearer',
    pattern: /\b(?:bearer|basic)\s+(?<secret>[\w.~+/-]{8,4000}={0,2})/giu,
    only: /\d|[A-Z].*[A-Z]|.{24}/u,
  },
  {
    name: 'url-credentials',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?<secret>[^\s/@:"'<>]{0,200}:[^\s/@"'<>]{1,400})@/giu,
  },
  { name: 'k3s-token', pattern: /\b(?<secret>K10[0-9a-f]{20,128}::[\w:.+/=-]{4,300})/gu },
  { name: 'kubeadm-token', pattern: /(?<![\w.-])(?<secret>[a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/gu },
  { name: 'aws-key', pattern: /\b(?<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b/gu },
  {
    name: 'forge-token',
    pattern:
      /\b(?<secret>(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,255}|xox[abprs]-[\w-]{10,255}|hvs\.[\w-]{16,255}))/gu,
  },
  { name: 'docker-auth', pattern: /["']auth\\?["']\s*:\s*\\?["'](?<secret>[A-Za-z0-9+/]{8,4000}={0,2})/gu },
  {
    name: 'key-value',
    pattern: new RegExp(
      String.raw`(?<![A-Za-z0-9])(?:${WORD}[_.-])?${SECRET_KEY}\\?["']?\s{0,3}(?::|=|=>)\s{0,3}(?:\\?["'](?<quoted>[^"'\\]{3,2000})|(?<secret>[^\s"'\\,;&{}[\]()<>]{4,2000}))`,
      'giu',
    ),
  },
  {
    name: 'flag',
    pattern: new RegExp(
      String.raw`(?<!\S)--?(?:${WORD}-)?(?:password|token|secret|api-key|apikey)[ =](?<secret>[^\s"'-][^\s"']{3,2000})`,
      'giu',
    ),
  },
];

/** Values of secret-looking keys that are none. */
const HARMLESS =
  /^(?:true|false|null|none|nil|undefined|redacted|<.*>|\*+|\.{3}|not|missing|invalid|expired|required|unauthorized|forbidden|bearer|basic|https?:.*|\/.*|\$.*|REDACTED|x{3,})$/iu;

const IPV4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/gu;
const IPV6 =
  /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){2,7}:|::(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})(?![\w:])/giu;
const MAC = /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/giu;
const URL_HOST = /\b([a-z][a-z0-9+]{1,12}:\/\/(?:[^\s/@"'<>]{1,200}@)?)([A-Za-z0-9][A-Za-z0-9.-]{0,252})/giu;
const LOOKUP = /\b(lookup )([A-Za-z0-9][A-Za-z0-9.-]{0,252})/gu;
const CLOCK = /^\d{1,2}:\d\d(?::\d\d)?$/u;

/** Kinds of entities whose names are addresses of somebody's machines. */
const ADDRESS_KINDS = new Set(['node', 'ip', 'nfs-server', 'dns-name', 'registry']);
const LOOPBACK = new Set(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost']);

export interface Redactor {
  readonly redact: (text: string) => string;
  readonly counts: () => {
    readonly secrets: number;
    readonly addresses: number;
    readonly kinds: Record<string, number>;
  };
}

/**
 * Replaces secrets by `<secret:1>` and, where asked, addresses by `<address:1>`, the same value by the same number.
 *
 * @param names - host names known from the bundle; only used for `secrets+addresses`
 */
export function createRedactor(mode: RedactionMode, names: readonly string[] = []): Redactor {
  const secrets = new Map<string, string>();
  const addresses = new Map<string, string>();
  const kinds = new Map<string, number>();
  const hosts = hostPattern(names);

  const mask = (known: Map<string, string>, word: string, value: string, kind: string) => {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const mark = known.get(value) ?? `<${word}:${known.size + 1}>`;
    known.set(value, mark);
    return mark;
  };

  function hideSecrets(text: string): string {
    let result = text;
    for (const { name, pattern, only } of KINDS) {
      result = result.replace(pattern, (whole: string, ...args: unknown[]) => {
        const groups = args.at(-1) as Record<string, string | undefined>;
        const value = groups['secret'] ?? groups['quoted'];
        if (value === undefined || HARMLESS.test(value) || value.startsWith('<secret:')) return whole;
        if (only && !only.test(value)) return whole;
        const at = whole.lastIndexOf(value);
        return whole.slice(0, at) + mask(secrets, 'secret', value, name) + whole.slice(at + value.length);
      });
    }
    return result;
  }

  function hideAddresses(text: string): string {
    const hide = (kind: string) => (value: string) =>
      LOOPBACK.has(value) || CLOCK.test(value) ? value : mask(addresses, 'address', value, kind);
    let result = text;
    const host = (_: string, before: string, name: string) =>
      LOOPBACK.has(name) || IPV4_WHOLE.test(name) ? before + name : before + hide('host')(name);
    result = result.replace(URL_HOST, host).replace(LOOKUP, host);
    if (hosts) result = result.replace(hosts, hide('host'));
    return result.replace(MAC, hide('mac')).replace(IPV6, hide('ip')).replace(IPV4, hide('ip'));
  }

  return {
    redact: (text) => {
      if (mode === 'none') return text;
      const bare = hideSecrets(text);
      return mode === 'secrets' ? bare : hideAddresses(bare);
    },
    counts: () => ({ secrets: secrets.size, addresses: addresses.size, kinds: Object.fromEntries([...kinds].sort()) }),
  };
}

const IPV4_WHOLE = /^\d{1,3}(?:\.\d{1,3}){3}$/u;

function hostPattern(names: readonly string[]): RegExp | undefined {
  const usable = [...new Set(names)].filter(
    (name) => name.length >= 3 && !LOOPBACK.has(name) && !IPV4_WHOLE.test(name),
  );
  if (usable.length === 0) return undefined;
  const longestFirst = usable.sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, 2000);
  const alternatives = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'));
  return new RegExp(`(?<![A-Za-z0-9])(?:${alternatives.join('|')})(?![A-Za-z0-9])`, 'gu');
}

/** Keys whose values are the report's own words or numbers, never text of the bundle. */
const OWN = new Set(
  'schemaVersion version hash tool rules earliest latest first last time ref redactions verdict severity severityCertainty graph rule basis order confidence category kind type polarity role layer nature initiates countIs state signature tags class safety reason code mode'.split(
    ' ',
  ),
);
/** Maps whose keys are names of captures and roles: what looks like one of ours there is text of the bundle. */
const MAPS = new Set(['attributes', 'entities', 'members']);
const REF = /^E\d+$/u;

/** The report with its secrets replaced everywhere: quotes, titles, attributes, questions, diagnostics, file names. */
export function redactReport(report: IncidentReport, mode: RedactionMode): IncidentReport {
  if (mode === 'none') return { ...report, redactions: { mode, secrets: 0, addresses: 0, kinds: {} } };
  const redactor = createRedactor(mode, mode === 'secrets' ? [] : hostNames(report));
  const walk = (value: unknown, isMap: boolean): unknown => {
    if (typeof value === 'string') return REF.test(value) ? value : redactor.redact(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, isMap));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        if (isMap && typeof item === 'string') return [name, maskCapture(redactor, name, item)];
        return [name, !isMap && OWN.has(name) ? item : walk(item, MAPS.has(name))];
      }),
    );
  };
  const redacted = walk(report, false) as IncidentReport;
  return { ...redacted, redactions: { mode, ...redactor.counts() } };
}

const SECRET_NAME = /^(?:password|passwd|token|secret|apikey|api_key|accesskey|privatekey)$/iu;

/** A capture that a rule calls `token` is as secret as `token=value` in a line. */
function maskCapture(redactor: Redactor, name: string, value: string): string {
  if (!SECRET_NAME.test(name)) return redactor.redact(value);
  const text = redactor.redact(`${name}=${value}`);
  return text.startsWith(`${name}=`) ? text.slice(name.length + 1) : text;
}

function hostNames(report: IncidentReport): string[] {
  const refs = report.facts.flatMap((fact) =>
    [fact.entities, ...fact.members].flatMap((entities) => Object.values(entities)),
  );
  const clocks = report.clocks.map(({ clock }) => clock);
  return [...refs, ...clocks].flatMap((ref) => {
    const slash = ref.indexOf('/');
    return ADDRESS_KINDS.has(ref.slice(0, Math.max(0, slash))) ? [ref.slice(slash + 1)] : [];
  });
}
