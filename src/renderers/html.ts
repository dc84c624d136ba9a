import { Marked, type Tokens } from 'marked';
import type { IncidentReport, ReportIncident } from '../model/report.ts';
import { cascadeOf, MOST_NODES } from './cascade.ts';
import { renderMarkdown } from './markdown.ts';
import type { Renderer, RenderOptions } from './renderer.ts';
import { STYLE } from './style.ts';
import { cascadeSvg, deadlockSvg } from './svg.ts';
import { escapeXml } from './xml.ts';

/**
 * The same post-mortem as one self-contained page: no script, no font, no image from elsewhere.
 *
 * The Markdown is the source, so both say the same. Raw HTML in it comes out as text, links other than to the page
 * itself or over http(s) lose their target. Where the diagram stood there is an SVG, with the Mermaid text below it.
 */
export const html: Renderer = { extension: 'html', render: renderHtml };

function renderHtml(report: IncidentReport, options: RenderOptions): string {
  const incident = report.incidents[0];
  const body = converter(report, incident).parse(renderMarkdown(report, options), { async: false });
  const title = incident?.title ?? `No incident found in ${report.bundle.name}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    body.trim(),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const EVIDENCE_REF = /^E\d+$/u;

function converter(report: IncidentReport, incident: ReportIncident | undefined): Marked {
  // In the order in which the document shows them.
  const drawings = incident
    ? [cascadeSvg(cascadeOf(report, incident, MOST_NODES)), ...incident.deadlocks.map(deadlockSvg)]
    : [];
  if (drawings[0] === '') drawings.shift();
  const headings = new Map<string, number>();
  return new Marked({
    gfm: true,
    renderer: {
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        return escapeXml(text);
      },
      link({ href, tokens }: Tokens.Link): string {
        const label = this.parser.parseInline(tokens);
        const plain = label.replace(/<[^>]*>/gu, '');
        if (EVIDENCE_REF.test(plain)) return `<a class="ref" href="#${plain}">${plain}</a>`;
        return /^(?:https?:\/\/|#)/iu.test(href) ? `<a href="${escapeXml(href)}" rel="noreferrer">${label}</a>` : label;
      },
      image({ text }: Tokens.Image): string {
        return escapeXml(text);
      },
      heading({ tokens, depth }: Tokens.Heading): string {
        const label = this.parser.parseInline(tokens);
        const slug = slugOf(label);
        const seen = headings.get(slug) ?? 0;
        headings.set(slug, seen + 1);
        return `<h${depth} id="${slug}${seen > 0 ? `-${seen}` : ''}">${label}</h${depth}>\n`;
      },
      table(token: Tokens.Table): string {
        const isHeadless = token.header.every(({ text }) => text === '');
        const head = token.header.map((cell) => this.tablecell(cell)).join('');
        const rows = token.rows.map((cells) => {
          const first = cells[0]?.text ?? '';
          const id = EVIDENCE_REF.test(first) ? ` id="${first}"` : '';
          return `<tr${id}>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
        });
        const isEvidence = token.header[0]?.text === 'Ref';
        return `<div class="table${isHeadless ? ' about' : ''}${isEvidence ? ' evidence' : ''}"><table>${isHeadless ? '' : `<thead><tr>${head}</tr></thead>`}<tbody>${rows.join('\n')}</tbody></table></div>\n`;
      },
      code({ text, lang }: Tokens.Code): string {
        const source = `<pre><code>${escapeXml(text)}</code></pre>\n`;
        if (lang !== 'mermaid') return source;
        const details = `<details><summary>Diagram as Mermaid text</summary>${source}</details>\n`;
        const drawing = drawings.shift() ?? '';
        return drawing === '' ? details : `<figure class="diagram">${drawing}</figure>\n${details}`;
      },
    },
  });
}

function slugOf(label: string): string {
  return label
    .replace(/<[^>]*>|&[a-z0-9#]+;/giu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/gu, '-');
}
