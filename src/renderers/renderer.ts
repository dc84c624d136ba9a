import type { IncidentReport } from '../model/report.ts';
import type { CompiledTemplates } from './compiled-templates.ts';

/** Handlebars sources, read by the caller: renderers do not touch the file system. */
export interface Templates {
  readonly postMortem: string;
  /** By name, without `.hbs`. */
  readonly partials: Readonly<Record<string, string>>;
  /** The same, compiled ahead. */
  readonly compiled?: CompiledTemplates;
}

export interface RenderOptions {
  readonly templates: Templates;
  /** Terminal colours; only the text renderer knows them. */
  readonly colour?: boolean;
}

export interface Renderer {
  /** Of the file, without a dot. */
  readonly extension: string;
  /** Ends with a line break. */
  readonly render: (report: IncidentReport, options: RenderOptions) => string;
}
