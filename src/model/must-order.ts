/** Two records that came in this order in real time whatever their clocks show: rules/must-orders.yaml. */
export interface MustOrder {
  readonly id: string;
  /** For readers: what makes the order certain. */
  readonly because: string;
  readonly earlier: OrderSide;
  readonly later: OrderSide;
}

/** How one of the two records is known, and what pairs it with the other. */
export interface OrderSide {
  readonly kind: 'log' | 'kube-event' | 'row';
  /** Kind of the row, of rows. */
  readonly rows?: string | undefined;
  /** Literals of the message, any of; none for Events of any text. */
  readonly anchors: readonly string[];
  /** Run on the message, every match counts; its groups can stand in `key` and `clock`. */
  readonly pattern?: string | undefined;
  /** Equal on both sides: `{{uid}}`, of captures, fields, columns and what the record is about. */
  readonly key: string;
  /** Field or column that holds the instant; the first time of the record when absent. */
  readonly time?: string | undefined;
  /** Whose clock wrote it: `node/{{node}}`; that of the record when absent. */
  readonly clock?: string | undefined;
  /** Only records whose field or column has this value. */
  readonly where: Readonly<Record<string, string>>;
  /** Records whose field or column has this value are not meant. */
  readonly unless: Readonly<Record<string, string>>;
}
