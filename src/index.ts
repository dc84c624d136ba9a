/** The public API: analyse a bundle, render its report, check a report against its schema. */
export { type Analysis, type AnalyzeOptions, analyze } from './analyze.ts';
export type * from './model/index.ts';
export { type IncidentReport, incidentReportSchema, reportJsonSchema } from './model/report.ts';
export { type Renderer, type RenderOptions, renderers, type Templates } from './renderers/index.ts';
