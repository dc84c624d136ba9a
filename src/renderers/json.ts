import type { Renderer } from './renderer.ts';

/** The report itself, indented by two, keys as the schema orders them. */
export const json: Renderer = {
  extension: 'json',
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
