import { byText } from '../text/order.ts';

/** Sets of ids that are joined by pairs, each sorted; single ids too. */
export function connectedComponents(ids: readonly string[], pairs: Iterable<readonly [string, string]>): string[][] {
  const sorted = [...ids].sort(byText);
  const at = new Map(sorted.map((id, index) => [id, index]));
  const parent = Int32Array.from(sorted, (_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] as number;
    for (let on = index; on !== root; ) {
      const next = parent[on] as number;
      parent[on] = root;
      on = next;
    }
    return root;
  };
  for (const [a, b] of pairs) {
    const [from, to] = [at.get(a), at.get(b)];
    if (from === undefined || to === undefined) continue;
    const [left, right] = [find(from), find(to)];
    parent[Math.max(left, right)] = Math.min(left, right);
  }
  // In order of the ids, so that each set is sorted, and the sets are by their first.
  const sets = new Map<number, string[]>();
  sorted.forEach((id, index) => {
    const root = find(index);
    const known = sets.get(root);
    if (known) known.push(id);
    else sets.set(root, [id]);
  });
  return [...sets.values()];
}

/** Strongly connected sets of two or more (Tarjan, iterative), each sorted. */
export function cycles(ids: readonly string[], next: (id: string) => readonly string[]): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const found: string[][] = [];
  let counter = 0;
  for (const root of [...ids].sort(byText)) {
    if (order.has(root)) continue;
    const work: { readonly id: string; readonly targets: readonly string[]; at: number }[] = [];
    const enter = (id: string) => {
      order.set(id, counter);
      low.set(id, counter);
      counter++;
      stack.push(id);
      onStack.add(id);
      work.push({ id, targets: next(id), at: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const frame = work.at(-1) as (typeof work)[number];
      const target = frame.targets[frame.at++];
      if (target === undefined) {
        work.pop();
        const parent = work.at(-1);
        if (parent) low.set(parent.id, Math.min(low.get(parent.id) as number, low.get(frame.id) as number));
        if (low.get(frame.id) === order.get(frame.id)) {
          const set: string[] = [];
          for (;;) {
            const member = stack.pop() as string;
            onStack.delete(member);
            set.push(member);
            if (member === frame.id) break;
          }
          if (set.length > 1) found.push(set.sort(byText));
        }
      } else if (!order.has(target)) enter(target);
      else if (onStack.has(target)) {
        low.set(frame.id, Math.min(low.get(frame.id) as number, order.get(target) as number));
      }
    }
  }
  return found.sort((a, b) => byText(a[0] as string, b[0] as string));
}
