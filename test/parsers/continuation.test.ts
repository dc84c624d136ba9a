import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockContinues, continuesBlock, startsBlock } from '../../src/parsers/continuation.ts';

/** Joins as the reader does and returns the lines that were not taken. */
function left(first: string, ...lines: readonly string[]): readonly string[] {
  let text = first;
  const refused: string[] = [];
  for (const line of lines) {
    if (continuesBlock(line, text)) {
      text += `\n${line}`;
    } else {
      refused.push(line);
    }
  }
  return refused;
}

const GO = [
  '',
  'goroutine 417 [running]:',
  'github.com/rancher/k3s/pkg/cluster.(*Cluster).Start.func1(0xc0336094a0, 0x5959b78)',
  '        /go/src/github.com/rancher/k3s/pkg/cluster/cluster.go:103 +0x1e5created by github.com/rancher/k3s',
  'created by github.com/rancher/k3s/pkg/cluster.(*Cluster).Start',
  '\t/go/src/github.com/rancher/k3s/pkg/cluster/cluster.go:98 +0x6bf',
  'exit status 2',
];

describe('blocks of several lines', () => {
  it.each([
    ['panic: etcdserver: mvcc: database space exceeded', 'go-panic'],
    ['fatal error: all goroutines are asleep - deadlock!', 'go-panic'],
    ['E0131 02:56:56.0 1 runtime.go:79] Observed a panic: runtime error', 'go-panic'],
    ['F0802 17:43:54.273166 1 election.go:92] leaderelection lost', 'go-panic'],
    ['SIGQUIT: quit', 'go-panic'],
    ['Exception in thread "main" java.lang.OutOfMemoryError: Java heap space', 'java'],
    ['java.net.ConnectException: Connection refused', 'java'],
    ['Traceback (most recent call last):', 'python'],
    ['TypeError: Cannot read properties of undefined', 'node'],
    ['2025-04-24T22:09:20.856Z\terror\ta.go:1\tExporting failed', 'zap-stack'],
    ['I0131 02:54:55.1 1 kubelet.go:10] "Generated config" config=<', 'klog-block'],
    ['I0823 14:32:33.9 1 trace.go:81] Trace[16]: "SQL" (total time: 5s):', 'klog-trace'],
    ['received: {', 'json'],
    ['kubectl : Error from server (NotFound): pods "x" not found', 'powershell'],
    ['Started kubelet.', undefined],
    ['', undefined],
  ])('%s begins %s', (message, kind) => {
    expect(startsBlock(message)).toBe(kind);
  });

  it('keeps a Go panic together and ends before the next message', () => {
    expect(left('panic: etcdserver: mvcc: database space exceeded', ...GO, 'Stopping k3s')).toEqual(['Stopping k3s']);
  });

  it('keeps the causes of a Java exception', () => {
    const lines = ['\tat a.B.c(B.java:1)', 'Caused by: java.io.IOException: x', '\t... 3 more', 'done'];
    expect(left('java.lang.RuntimeException: x', ...lines)).toEqual(['done']);
  });

  it('ends a Python stack after the exception', () => {
    const lines = [
      '  File "/app/main.py", line 3, in <module>',
      '    main()',
      'ValueError: no such volume',
      'KeyError: x',
    ];
    expect(left('Traceback (most recent call last):', ...lines)).toEqual(['KeyError: x']);
  });

  it('goes on with a chained Python exception', () => {
    const lines = [
      '  File "a.py", line 3, in f',
      'requests.exceptions.ConnectionError: refused',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "b.py", line 9, in g',
      'SystemExit: 1',
      'next',
    ];
    expect(left('Traceback (most recent call last):', ...lines)).toEqual(['next']);
  });

  it('keeps the stack of a zap error and not the next program line', () => {
    const lines = [
      'go.opentelemetry.io/collector/exporter/exporterhelper/internal.NewQueueSender.func3',
      '     go.opentelemetry.io/collector/exporter@v0.120.0/exporterhelper/internal/queue_sender.go:128',
      'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller[...]).Start.func2.2',
      'listening on port 8080.',
    ];
    expect(left('2025-04-24T22:09:20.856Z\terror\ta.go:1\tExporting failed', ...lines)).toEqual([
      'listening on port 8080.',
    ]);
  });

  it('ties trace lines by their number', () => {
    const lines = ['Trace[16]: [5.0s] [5.0s] END', 'Trace[17]: [1s] [1s] END'];
    expect(left('I0823 14:32:33.9 1 trace.go:81] Trace[16]: "SQL" (total time: 5s):', ...lines)).toEqual([lines[1]]);
  });

  it('ends pretty JSON when it balances', () => {
    expect(left('received: {', '  "a": [', '    1', '  ]', '}', '}')).toEqual(['}']);
  });

  it('keeps the explanation of a PowerShell error', () => {
    const lines = [
      'At line:1 char:1',
      '+ kubectl get pods',
      '    + CategoryInfo          : NotSpecified: (x)',
      'NAME  READY',
    ];
    expect(left('kubectl : Error from server', ...lines)).toEqual(['NAME  READY']);
  });

  it('is quick and total on anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (line, text) => {
        expect(typeof continuesBlock(line, text)).toBe('boolean');
      }),
    );
    const started = performance.now();
    for (const seed of ['a.', '(', ' ', 'A', '{', '"', 'Error', '\t', 'Trace[1']) {
      const long = seed.repeat(Math.ceil((256 * 1024) / seed.length));
      for (const kind of ['go-panic', 'java', 'python', 'node', 'zap-stack', 'json', 'powershell'] as const) {
        blockContinues(kind, long);
      }
      startsBlock(long);
      continuesBlock(long, `panic: ${long}`);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
