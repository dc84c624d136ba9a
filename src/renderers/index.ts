import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Renderer } from './renderer.ts';
import { text } from './text.ts';

export type { Renderer, RenderOptions, Templates } from './renderer.ts';

/** Outputs by the name that `--format` takes. To add one: a file, and a line here. */
export const renderers: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  ['md', markdown],
  ['html', html],
  ['json', json],
  ['junit', junit],
  ['text', text],
]);
