import { describe, expect, it } from 'vitest';
import { isComposite, splitSections } from '../../src/parsers/sections.ts';

function split(text: string) {
  return splitSections(text.split('\n'), {});
}

describe('splitSections', () => {
  it('gives each container of a cluster dump its own context', () => {
    const { sections, markers } = split(
      [
        '==== START logs for container coredns of pod kube-system/coredns-a ====',
        '[INFO] up',
        '==== END logs for container coredns of pod kube-system/coredns-a ====',
        '==== START logs for container app of pod shop/cart-b ====',
        'E: x',
        '==== END logs for container app of pod shop/cart-b ====',
      ].join('\n'),
    );
    expect(markers).toBe(4);
    expect(sections.map(({ firstLine, lines, context }) => [firstLine, lines, context])).toEqual([
      [2, ['[INFO] up'], { container: 'coredns', namespace: 'kube-system', pod: 'kube-system/coredns-a' }],
      [5, ['E: x'], { container: 'app', namespace: 'shop', pod: 'shop/cart-b' }],
    ]);
  });

  it('reads the titles of minikube, old and new', () => {
    const { sections } = split(
      '* ==> kubelet <==\n* Feb 03 a\n==> coredns [0123] <==\nb\n==> describe nodes <==\nName: n',
    );
    expect(sections.map(({ lines, context }) => [lines, context])).toEqual([
      [['Feb 03 a'], { unit: 'kubelet' }],
      [['b'], { container: 'coredns' }],
      [['Name: n'], { command: 'kubectl describe nodes' }],
    ]);
  });

  it.each([
    ['➜  infra git:(main) ✗ kubectl get po', 'kubectl get po'],
    ['➜ k describe po web-0', 'k describe po web-0'],
    ['PS C:\\Users\\me> kubectl logs web-0 -n shop', 'kubectl logs web-0 -n shop'],
    ['% kubectl get nodes', 'kubectl get nodes'],
  ])('knows the prompt of %s', (line, command) => {
    expect(split(`${line}\nNAME   READY\nn1     True`).sections[0]?.context.command).toBe(command);
  });
  it.each(['> k thanks', '<kubectl get po', '> level=info msg=kubectl get'])('takes %s for no command', (line) => {
    expect(split(`${line}\nother`).markers).toBe(0);
  });
  it.each([
    ['$ kubectl logs web-0 -c app -n shop --tail 20', { pod: 'shop/web-0', namespace: 'shop', container: 'app' }],
    ['$ kubectl logs -f pod/web-0', { pod: 'web-0' }],
    ['$ kubectl -n shop logs web-0 app --previous', { pod: 'shop/web-0', container: 'app' }],
  ])('knows whose log %s prints', (line, context) => {
    expect(split(`${line}\nstarted`).sections[0]?.context).toMatchObject(context);
  });
  it.each(['$ kubectl logs -l app=web', '$ kubectl logs deploy/web', '$ kubectl get pods web-0'])(
    'does not know the pod of %s',
    (line) => {
      expect(split(`${line}\nstarted`).sections[0]?.context.pod).toBeUndefined();
    },
  );
  it('takes commands of a terminal capture as context, and the host of the prompt as node', () => {
    const { sections, markers } = split('$ kubectl get pods\nNAME\na\n\nroot@n1:~# dmesg\n[    1.0] x');
    // Two prompts, and the blank line above the second.
    expect(markers).toBe(3);
    expect(sections.map(({ firstLine, context }) => [firstLine, context])).toEqual([
      [2, { command: 'kubectl get pods' }],
      [6, { command: 'dmesg', node: 'n1' }],
    ]);
  });

  it('separates tables and descriptions below one another', () => {
    const { sections, markers } = split(
      'NAME   READY\na   1/1\n\nNAME   TYPE\nb   ClusterIP\n\n\nName:   x\nLabels:  y',
    );
    expect(sections.map(({ firstLine, lines }) => [firstLine, lines.length])).toEqual([
      [1, 2],
      [4, 2],
      [8, 2],
    ]);
    expect(markers).toBe(3);
  });

  it('loses no line', () => {
    const text = 'a\n$ kubectl get pods\n\nb\n==> x <==\n==> y <==\n';
    const { sections, markers } = split(text);
    expect(sections.reduce((sum, { lines }) => sum + lines.length, markers)).toBe(text.split('\n').length);
  });
});

describe('isComposite', () => {
  it.each([
    ['one table', 'NAME   READY\na   1/1', false],
    ['two tables', 'NAME   READY\na   1/1\n\nNAME   TYPE\nb   c', true],
    ['a comment', '# this is a comment\nkey: value', false],
    ['a root prompt', '# journalctl -u kubelet\nx', true],
    ['a log', 'Jan 01 00:00:00 n kubelet[1]: x', false],
  ])('%s', (_, text, expected) => {
    expect(isComposite(text.split('\n'))).toBe(expected);
  });
});

it('takes what PowerShell quotes of a failed command for no command', () => {
  const lines = [
    'kubectl : Error from server (NotFound): pods "x" not found',
    'At line:1 char:1',
    '+ kubectl get pod x',
    '+ ~~~~~~~~~~~~~~~~~',
    '    + CategoryInfo          : NotSpecified: (Error from serv..."x" not found:String) [], RemoteException',
  ];
  expect(isComposite(lines)).toBe(false);
  expect(splitSections(lines, {}).markers).toBe(0);
});
