import type { DocumentBuilder } from '../documents/builder.ts';
import type { Header } from '../format.ts';
import { matchText } from '../match-text.ts';
import { peel } from '../peel.ts';

/**
 * Adds the record of one header to a document. Its message is read as lines of a log are: klog, logfmt and JSON
 * payloads become message and fields.
 *
 * @param at - index of the first line, and `last` of the last
 */
export function addRecord(document: DocumentBuilder, outer: Header, at: number, last: number): void {
  const header = peel(outer);
  const unit = header.unit ?? document.input.context.unit ?? header.container;
  const namespace = header.namespace ?? document.input.context.namespace;
  document.add({
    at,
    last,
    kind: 'log',
    message: matchText(header),
    stamp: header.stamp,
    node: header.node,
    unit,
    process: header.pid === undefined || unit === undefined ? undefined : { name: unit, pid: header.pid },
    namespace,
    pod: header.pod ?? document.input.context.pod,
    container: header.container ?? document.input.context.container,
    level: header.level,
    count: header.count,
    fields: { ...header.fields, ...header.hints },
  });
}
