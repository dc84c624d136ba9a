/** A queue that yields the greatest width first, equal widths by the lower index: the frontier of a widest-path search. */
export interface WidestFirst {
  push(index: number, width: number): void;
  /** -1 when empty. An index that was pushed again with a greater width comes out once for each. */
  pop(): number;
}

/** A binary heap over two flat arrays: no object per entry. */
export function widestFirst(): WidestFirst {
  const indexes: number[] = [];
  const widths: number[] = [];
  const before = (a: number, b: number): boolean => {
    const [left, right] = [widths[a] as number, widths[b] as number];
    return left > right || (left === right && (indexes[a] as number) < (indexes[b] as number));
  };
  const swap = (a: number, b: number): void => {
    const [index, width] = [indexes[a] as number, widths[a] as number];
    indexes[a] = indexes[b] as number;
    widths[a] = widths[b] as number;
    indexes[b] = index;
    widths[b] = width;
  };
  return {
    push: (index, width) => {
      indexes.push(index);
      widths.push(width);
      let at = indexes.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    pop: () => {
      const last = indexes.length - 1;
      if (last < 0) return -1;
      swap(0, last);
      const first = indexes.pop() as number;
      widths.pop();
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const right = left + 1;
        let best = at;
        if (left < last && before(left, best)) best = left;
        if (right < last && before(right, best)) best = right;
        if (best === at) break;
        swap(at, best);
        at = best;
      }
      return first;
    },
  };
}
