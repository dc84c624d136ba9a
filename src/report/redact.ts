import type { IncidentReport } from '../model/report.ts';

export type RedactionMode = 'secrets' | 'secrets+addresses' | 'none';

interface Kind {
  readonly name: string;
  /** Group `secret` (or `quoted`) is replaced, the rest of the match stays. */
  readonly pattern: RegExp;
  /** What a value must look like beyond that: `bearer authentication` holds no token. */
  readonly only?: RegExp;
  /** The value may be the first word of a sentence. */
  readonly mayBeProse?: boolean;
}

const WORD = '[A-Za-z0-9_.-]{0,40}';
const SECRET_KEY =
  '(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|credentials?|authorization)';
/** As one word in the middle of others: `rootPassword`, `AccountKey`. `existingSecret` names an object. */
const CAMEL_KEY =
  '(?:Password|Passwd|Passphrase|Token|ApiKey|APIKey|AccessKey|AccountKey|SharedKey|SecretKey|ClientSecret|PrivateKey)';
const SEPARATOR = String.raw`\\?["']?[ \t]{0,40}(?::|=>|=)[ \t]{0,40}`;
const VALUE = String.raw`(?:\\?["'](?<quoted>[^"'\\]{3,2000})|(?<secret>[^\s"'\\,;&{}[\]()<>]{4,2000}))`;
/** Base64 of `-----BEGIN RSA PRIVATE KEY`, `… EC PRIVATE`, `… PRIVATE`, `… OPENSSH`, `… ENCRYPTED`, `… DSA`; not of a certificate. */
const ENCODED_KEY = '(?:BSU0Eg|BFQyBQ|BQUklW|BPUEVO|BFTkNS|BEU0Eg)';

/**
 * Forms in which secrets reach logs, most telling first. All are linear: bounded repetitions, no nesting.
 *
 * A value after `password=` counts from 4 characters; words that only name a place (`secret "x" not found`,
 * `secretName: x`, `secret/ns/name`) are not secrets, nor is the sentence after `fetch oauth token: `.
 */
const KINDS: readonly Kind[] = [
  {
    name: 'private-key',
    pattern:
      /(?<secret>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?)/gu,
  },
  {
    name: 'private-key',
    pattern: new RegExp(String.raw`\b(?<secret>LS0tLS1CRUdJTi${ENCODED_KEY}[A-Za-z0-9+/]{0,16000}={0,2})`, 'gu'),
  },
  {
    name: 'secret-data',
    pattern:
      /(?<![\w-])(?:tls\.key|ca\.key|ssh-privatekey|client-key-data|\.?dockerconfigjson|\.?dockercfg|token-secret)\\?["']?[ \t]{0,40}[:=][ \t]{0,40}\\?["']?(?<secret>[A-Za-z0-9+/_-]{12,16000}={0,2})/gu,
  },
  {
    name: 'cookie',
    pattern: /\b(?:set-)?cookie:\s{0,3}(?<secret>[\w.-]{1,64}=[^\r\n"']{3,2000})/giu,
  },
  { name: 'jwt', pattern: /(?<![\w.-])(?<secret>eyJ[\w-]{8,4000}\.[\w-]{4,4000}(?:\.[\w-]{0,4000})?)/gu },
  {
    name: 'bearer',
    pattern: /\b(?:bearer|basic)\s+(?<secret>[\w.~+/-]{8,4000}={0,2})/giu,
    only: /\d|[A-Z].*[A-Z]|.{24}/u,
  },
  // A user is told, a password is not; a token may stand in the place of either.
  {
    name: 'url-credentials',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?<secret>[^\s/@:"'<>]{1,200}:(?:x-oauth-basic|x-access-token|x|))(?=@)/giu,
  },
  {
    name: 'url-credentials',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:"'<>]{0,200}:(?<secret>[^\s/@"'<>]{1,400})@/giu,
  },
  {
    name: 'url-signature',
    pattern:
      /[?&](?:sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature|access_token|api_?key|code)=(?<secret>[^\s&"'<>\\]{8,2000})/giu,
  },
  {
    name: 'webhook',
    pattern:
      /\b(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks|webhook\.office\.com\/webhookb2)\/(?<secret>[\w/@.-]{16,400})/gu,
  },
  { name: 'k3s-token', pattern: /\b(?<secret>K10[0-9a-f]{20,128}::[\w:.+/=-]{4,300})/gu },
  { name: 'kubeadm-token', pattern: /(?<![\w.-])(?<secret>[a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/gu, only: /\d/u },
  { name: 'aws-key', pattern: /\b(?<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b/gu },
  { name: 'google-key', pattern: /\b(?<secret>AIza[\w-]{35}|ya29\.[\w-]{20,400})/gu },
  {
    name: 'forge-token',
    pattern:
      /\b(?<secret>(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|gl(?:pat|rt|dt|ptt|soat)-[\w-]{16,255}|xox[abeprs]-[\w-]{10,255}|xapp-[\w-]{10,255}|hv[sbr]\.[\w-]{16,255}))/gu,
  },
  {
    name: 'service-token',
    pattern:
      /\b(?<secret>(?:npm_[A-Za-z0-9]{30,60}|dckr_[a-z]{2,4}_[\w-]{20,64}|do[opr]_v1_[0-9a-f]{64}|glsa_\w{20,64}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,128}|sk-(?:proj|ant|or)-[\w-]{20,255}|sk-[A-Za-z0-9]{40,128}|SG\.[\w-]{16,64}\.[\w-]{16,64}|tskey-[a-z]{2,12}-[\w-]{10,128}))/gu,
  },
  { name: 'openshift-token', pattern: /\b(?<secret>sha256~[\w-]{20,128})/gu },
  { name: 'ceph-key', pattern: /(?<![\w+/])(?<secret>AQ[A-Za-z0-9+/]{36}==)/gu },
  { name: 'docker-auth', pattern: /["']auth\\?["']\s*:\s*\\?["'](?<secret>[A-Za-z0-9+/]{8,4000}={0,2})/gu },
  {
    name: 'environment',
    pattern: new RegExp(
      String.raw`\bname\\?["']?:\s{0,3}\\?["']?(?:${WORD}[_.-])?${SECRET_KEY}\\?["']?,\s{0,3}\\?["']?value\\?["']?:\s{0,3}${VALUE}`,
      'giu',
    ),
  },
  {
    name: 'key-value',
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${WORD}[_.-])?(?:_authToken|${SECRET_KEY})${SEPARATOR}${VALUE}`, 'giu'),
    mayBeProse: true,
  },
  {
    name: 'key-value',
    pattern: new RegExp(String.raw`(?<![A-Za-z0-9])(?:[A-Za-z][\w.-]{0,60})?${CAMEL_KEY}${SEPARATOR}${VALUE}`, 'gu'),
    mayBeProse: true,
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
  /^(?:true|false|null|none|nil|undefined|redacted|<.*>|\*+|\.{3}|not|missing|invalid|expired|required|unauthorized|forbidden|denied|unknown|empty|unset|failed|absent|bearer|basic|https?:.*|\/.*|\$.*|REDACTED|x{3,})[.,:;]?$/iu;
/** A word as a sentence goes on with it, behind a colon: the next one follows at a blank. */
const PROSE_WORD = /^[A-Za-z]{2,20}[,:;]?$/u;
const PROSE_NEXT = /^ ["'A-Za-z(]/u;
/** Before the key of a sentence stands another word; a setting begins its line, or follows a comma or a pair. */
const PROSE_BEFORE = /[A-Za-z]{2,} $/u;
/** Words that begin a complaint rather than a password. */
const COMPLAINT =
  /^(?:unexpected|cannot|could|failed|failure|error|denied|unable|connection|context|timeout|timed|permission|user|the|this|that|must|should|does|did|was|were|has|have|when|while|with|from|only|some|server|request)[,:;]?$/iu;
/** `kubectl describe secret` tells sizes only. */
const SIZE_NEXT = /^ bytes\b/u;

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
    for (const kind of KINDS) {
      result = result.replace(kind.pattern, (whole: string, ...args: unknown[]) => {
        const groups = args.at(-1) as Record<string, string | undefined>;
        const value = groups['secret'] ?? groups['quoted'];
        if (value === undefined || HARMLESS.test(value) || value.startsWith('<secret:')) return whole;
        if (kind.only && !kind.only.test(value)) return whole;
        const line = args.at(-2) as string;
        const begin = args.at(-3) as number;
        if (kind.mayBeProse && groups['secret'] !== undefined && isProse(line, begin, whole, value)) return whole;
        const at = whole.lastIndexOf(value);
        return whole.slice(0, at) + mask(secrets, 'secret', value, kind.name) + whole.slice(at + value.length);
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

/** Does the value go on as a sentence: `failed to fetch oauth token: unexpected status …`? */
function isProse(line: string, begin: number, whole: string, value: string): boolean {
  const next = line.slice(begin + whole.length, begin + whole.length + 12);
  if (/^\d+$/u.test(value)) return SIZE_NEXT.test(next);
  if (!whole.slice(0, -value.length).trimEnd().endsWith(':') || !PROSE_WORD.test(value)) return false;
  if (!PROSE_NEXT.test(next)) return false;
  return COMPLAINT.test(value) || PROSE_BEFORE.test(line.slice(Math.max(0, begin - 24), begin));
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
