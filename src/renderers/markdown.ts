import Handlebars from 'handlebars';
import { userError } from '../model/errors.ts';
import type { IncidentReport, Statement } from '../model/report.ts';
import { isCommand } from '../text/command.ts';
import { counted } from '../text/grammar.ts';
import { codeBlock, codeCell, codeSpan, escapeMarkdown } from '../text/markdown.ts';
import { incidentDay } from './cascade.ts';
import { partialSource, TEMPLATE_OPTIONS } from './compiled-templates.ts';
import type { Renderer, RenderOptions, Templates } from './renderer.ts';
import { byRef, evidenceByRef, evidenceRow, toFill, viewOf } from './view.ts';

/**
 * The post-mortem as Markdown (CommonMark with GitHub's tables).
 *
 * Handlebars runs without its own HTML escaping: templates say what a text is through `md`, `code`, `codeCell`, `block`
 * or `statement`. References such as `[E12]` are shortcut links whose targets stand below the table of Appendix A, so
 * that a pager shows them as they are.
 *
 * @throws {UserError} `TEMPLATE_INVALID` when Handlebars rejects a template, with its message
 */
export const markdown: Renderer = { extension: 'md', render: renderMarkdown };

export function renderMarkdown(report: IncidentReport, { templates }: RenderOptions): string {
  const handlebars = Handlebars.create();
  const cited = new Set<string>();
  registerHelpers(handlebars, report, cited);
  try {
    const template = templateOf(handlebars, templates);
    const text = template(viewOf(report), {
      allowProtoPropertiesByDefault: false,
      allowProtoMethodsByDefault: false,
    });
    return `${text
      .replace(/[ \t]+$/gmu, '')
      .replace(/\n{3,}/gu, '\n\n')
      .trim()}\n`;
  } catch (error) {
    throw userError(
      'TEMPLATE_INVALID',
      `the template is broken: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function templateOf(handlebars: typeof Handlebars, { postMortem, partials, compiled }: Templates) {
  if (compiled) {
    for (const [name, partial] of Object.entries(compiled.partials)) {
      handlebars.registerPartial(name, handlebars.template(partial));
    }
    return handlebars.template(compiled.postMortem);
  }
  for (const [name, source] of Object.entries(partials)) handlebars.registerPartial(name, partialSource(source));
  return handlebars.compile(postMortem, TEMPLATE_OPTIONS);
}

function registerHelpers(handlebars: typeof Handlebars, report: IncidentReport, cited: Set<string>): void {
  const lines = evidenceByRef(report);
  const cite = (refs: unknown): string => {
    const known = (Array.isArray(refs) ? refs : []).filter(
      (ref): ref is string => typeof ref === 'string' && lines.has(ref),
    );
    for (const ref of known) cited.add(ref);
    return known.map((ref) => ` [${ref}]`).join('');
  };
  handlebars.registerHelper({
    md: (text: unknown) => escapeMarkdown(asText(text)),
    code: (text: unknown) => codeSpan(asText(text)),
    codeCell: (text: unknown) => codeCell(asText(text)),
    block: (text: unknown, language: unknown) => codeBlock(asText(text), typeof language === 'string' ? language : ''),
    actionCell: (text: unknown) => (isCommand(asText(text)) ? codeCell(asText(text)) : escapeMarkdown(asText(text))),
    action: (text: unknown) => (isCommand(asText(text)) ? codeSpan(asText(text)) : escapeMarkdown(asText(text))),
    refs: (refs: unknown) => cite(refs),
    refsCell: (refs: unknown) => cite(refs).trimStart() || '–',
    statement: (item: Statement) => `${escapeMarkdown(item.text)}${cite(item.evidence)}`,
    toFill: (what: unknown) => toFill(asText(what)),
    citedEvidence: () => {
      const day = report.incidents[0] ? incidentDay(report.incidents[0]) : undefined;
      const rows = [...cited].sort(byRef).flatMap((ref) => {
        const evidence = lines.get(ref);
        return evidence ? [evidenceRow(evidence, day)] : [];
      });
      const rest = lines.size - rows.length;
      return { rows, more: rest > 0 ? `${counted(rest, 'further line')} of evidence: see the JSON report.` : '' };
    },
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
