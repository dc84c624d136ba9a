/** A queue that yields the greatest key first, equal keys by id: the frontier of a widest-path search. */
export interface WidestFirst {
  push(id: string, width: number): void;
  /** Undefined when empty. An id that was pushed again with a greater width comes out once for each. */
  pop(): { readonly id: string; readonly width: number } | undefined;
}

export function widestFirst(): WidestFirst {
  const items: { readonly id: string; readonly width: number }[] = [];
  const before = (a: (typeof items)[number], b: (typeof items)[number]) =>
    a.width > b.width || (a.width === b.width && a.id < b.id);
  const at = (index: number) => items[index] as (typeof items)[number];
  const swap = (a: number, b: number) => {
    const kept = at(a);
    items[a] = at(b);
    items[b] = kept;
  };
  return {
    push: (id, width) => {
      let index = items.push({ id, width }) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!before(at(index), at(parent))) break;
        swap(index, parent);
        index = parent;
      }
    },
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (first === undefined || last === undefined || items.length === 0) return first;
      items[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const right = left + 1;
        let best = index;
        if (left < items.length && before(at(left), at(best))) best = left;
        if (right < items.length && before(at(right), at(best))) best = right;
        if (best === index) break;
        swap(index, best);
        index = best;
      }
      return first;
    },
  };
}
