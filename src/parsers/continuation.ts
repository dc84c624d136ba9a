/**
 * Blocks of several lines that programs write whatever their log format is: Go panics and goroutine dumps, Java,
 * Python and Node.js stacks, zap's console stacks, klog's `=<` values and traces, pretty-printed JSON, PowerShell
 * errors. A block begins with a line that `startsBlock` knows and goes on while `blockContinues` says so.
 *
 *     panic: runtime error: index out of range          Traceback (most recent call last):
 *                                                         File "/app/main.py", line 3, in <module>
 *     goroutine 1 [running]:                            ValueError: no such volume
 *     main.main()
 *     <TAB>/src/main.go:12 +0x1d
 *
 * A line that begins a record of its own always wins over a block; the reader asks for that first.
 */

export type BlockKind =
  | 'go-panic'
  | 'java'
  | 'python'
  | 'node'
  | 'zap-stack'
  | 'klog-block'
  | 'klog-trace'
  | 'json'
  | 'powershell';

/** Patterns see so much of a line; more of it decides nothing. */
const MAX_LOOK = 1024;

const GO_PANIC =
  /(?:^|[\s"\]])(?:panic: |fatal error: |runtime: |SIGSEGV: |SIGABRT: |SIGQUIT: quit|http: panic serving |Observed a panic|goroutine \d+ \[)/u;
const KLOG_FATAL = /^F\d{4} \d\d:\d\d:\d\d\.\d{6} /u;
const JAVA =
  /^(?:Exception in thread |Caused by: |[\w$.]*(?:Exception|Throwable)(?::|$)|[\w$]+(?:\.[\w$]+)+Error(?::|$))/u;
const NODE = /^(?:Uncaught )?[A-Za-z]*Error(?: \[\w+\])?: /u;
const ZAP_ERROR = /^\S{10,40}(?:\t| {2,8})(?:warn|error|dpanic|panic|fatal)(?:\t| {2,8})/iu;
const POWERSHELL = /^[\w.-]{2,40} : \S/u;

/** The block that a message (or a whole line) begins, or undefined. Looks at 1 KiB and at the end of the line. */
export function startsBlock(message: string): BlockKind | undefined {
  const head = message.slice(0, MAX_LOOK);
  if (head.includes('Traceback (most recent call last):')) {
    return 'python';
  }
  if (GO_PANIC.test(head) || KLOG_FATAL.test(head)) {
    return 'go-panic';
  }
  if (JAVA.test(head)) {
    return 'java';
  }
  if (NODE.test(head)) {
    return 'node';
  }
  if (ZAP_ERROR.test(head)) {
    return 'zap-stack';
  }
  if (message.endsWith('=<')) {
    return 'klog-block';
  }
  if (traceNumber(head) !== undefined) {
    return 'klog-trace';
  }
  const last = message.trimEnd().at(-1);
  if (last === '{' || last === '[') {
    return 'json';
  }
  return POWERSHELL.test(head) ? 'powershell' : undefined;
}

/** May this line stand in such a block? Necessary, not sufficient: the reader bounds the block and knows headers. */
export function blockContinues(kind: BlockKind, line: string): boolean {
  const look = line.slice(0, MAX_LOOK);
  switch (kind) {
    case 'go-panic':
      return isGoStackLine(look);
    case 'java':
    case 'node':
      return /^(?:\s+at |\s+\.\.\. \d+ (?:more|common)|Caused by: |\s+Suppressed: |\s+\[CIRCULAR|\s*$)/u.test(look);
    case 'python':
      return isPythonLine(look);
    case 'zap-stack':
      return isZapStackLine(look);
    case 'klog-block':
      return /^(?:\t| >)/u.test(look);
    case 'klog-trace':
      return look.startsWith('Trace[') || /^\s+---/u.test(look);
    case 'json':
      return /^(?:\s|[}\]][}\],;]*\s*$|"[^"]{0,200}"\s*:)/u.test(look);
    case 'powershell':
      return /^(?:At line:\d+ char:\d+|\s*\+ |\s+)/u.test(look);
  }
}

/**
 * Does the line belong to a block that the text above it has begun?
 *
 * @param text - the record so far: its first line and what was joined, separated by line ends
 */
export function continuesBlock(line: string, text: string): boolean {
  const trace = traceNumber(text.slice(0, 2 * MAX_LOOK));
  if (line.startsWith('Trace[')) {
    return trace !== undefined && line.startsWith(`Trace[${trace}]`);
  }
  const kind = kindOf(text);
  if (kind === undefined || !blockContinues(kind, line)) {
    return false;
  }
  if (kind === 'json') {
    return isOpenJson(text);
  }
  // One unindented line ends a Python stack, unless another exception is chained to it.
  return (
    kind !== 'python' ||
    line === '' ||
    /^\s|^(?:During handling|The above exception|Traceback)/u.test(line) ||
    endsInStack(text)
  );
}

/** The block that is open in a text: the first line of it that begins one. */
function kindOf(text: string): BlockKind | undefined {
  let from = 0;
  for (let lines = 0; lines < 3 && from <= text.length; lines += 1) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    const kind = startsBlock(line);
    if (kind !== undefined) {
      return kind;
    }
    if (end < 0) {
      return undefined;
    }
    from = end + 1;
  }
  return undefined;
}

function isGoStackLine(line: string): boolean {
  return (
    line.trim() === '' ||
    /^(?:goroutine \d+ |created by |\[signal |exit status \d|\[recovered\]|\.\.\.additional frames|panic\(|panic: |\s+panic: |\s+\S+:\d+|r\w{1,3} +0x|rflags |[cfg]s +0x|runtime stack:|PC=|SIGQUIT: |SIGABRT: |main\.)/u.test(
      line,
    ) ||
    isCall(line)
  );
}

/** `k8s.io/klog/v2.stacks(0x1)`: a call without blanks in its name. */
function isCall(line: string): boolean {
  const open = line.indexOf('(');
  return (
    open > 0 &&
    line.trimEnd().endsWith(')') &&
    /^[\w./*()[\]{}·~@%,$-]+$/u.test(line.slice(0, open)) &&
    line.slice(0, open).includes('.')
  );
}

/** zap prints `pkg.func` and below it, indented, `/path/file.go:12`. */
export function isZapStackLine(line: string): boolean {
  if (line.length > MAX_LOOK) {
    return false;
  }
  const text = line.trimEnd();
  if (/^\s/u.test(text)) {
    return /\S:\d+$/u.test(text);
  }
  return text.includes('.') && /^[\w./*()[\]{}·~@%,-]+$/u.test(text) && /[A-Za-z]/u.test(text);
}

function isPythonLine(line: string): boolean {
  return (
    line === '' ||
    /^\s/u.test(line) ||
    /^(?:Traceback \(|During handling of the above exception|The above exception was the direct cause)/u.test(line) ||
    /^[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Timeout|Failure)(?::|$)/u.test(line) ||
    /^[A-Za-z_]\w*(?:\.\w+)+(?:: |$)/u.test(line)
  );
}

/** The last line of a Python stack so far is indented or its heading: the exception is still to come. */
function endsInStack(text: string): boolean {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return last === '' || /^\s/u.test(last) || last.includes('Traceback (');
}

/** The number in `Trace[137192271]: "Get" …`, which ties the following lines to it. */
function traceNumber(text: string): string | undefined {
  return /(?:^|\s)Trace\[(?<number>\d{1,20})\]: /u.exec(text)?.groups?.['number'];
}

/** Is a brace or bracket open at the end? Strings are skipped. */
function isOpenJson(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if (char === '"') {
      quoted = !quoted;
    } else if (char === '\n') {
      quoted = false;
    } else if (!quoted && (char === '{' || char === '[')) {
      depth += 1;
    } else if (!quoted && (char === '}' || char === ']')) {
      depth = Math.max(0, depth - 1);
    }
  }
  return depth > 0;
}
