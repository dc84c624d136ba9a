import type { MustOrder } from '../model/index.ts';
import { byText } from '../text/order.ts';

/** Literals of the log lines that must be in order with records of other clocks. */
export function orderMarkers(orders: readonly MustOrder[]): readonly string[] {
  const sides = orders.flatMap(({ earlier, later }) => [earlier, later]).filter(({ kind }) => kind === 'log');
  return [...new Set(sides.flatMap(({ anchors }) => anchors))].sort(byText);
}
