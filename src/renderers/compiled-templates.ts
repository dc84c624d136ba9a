import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';

/**
 * Templates compiled ahead: parsing them takes a quarter of the time that a small bundle needs.
 *
 * The build writes them as a script; at run time they are used only when they were made from the very same sources.
 */
export interface CompiledTemplates {
  /** Of the sources: {@link templatesHash}. */
  readonly hash: string;
  readonly postMortem: TemplateSpecification;
  readonly partials: Readonly<Record<string, TemplateSpecification>>;
}

/** Escaping is the templates' own: see markdown.ts. */
export const TEMPLATE_OPTIONS = { noEscape: true, strict: true, preventIndent: true } as const;

interface Sources {
  readonly postMortem: string;
  readonly partials: Readonly<Record<string, string>>;
}

/** A partial ends with one line break, however its file ends. */
export function partialSource(source: string): string {
  return `${source.trimEnd()}\n`;
}

export function templatesHash({ postMortem, partials }: Sources): string {
  return createHash('sha256')
    .update(JSON.stringify([Handlebars.VERSION, postMortem, partials]))
    .digest('hex');
}

/** The text of a CommonJS module that exports {@link CompiledTemplates}. */
export function compileTemplates(sources: Sources): string {
  const compile = (source: string) => String(Handlebars.precompile(source, TEMPLATE_OPTIONS));
  const partials = Object.entries(sources.partials).map(
    ([name, source]) => `${JSON.stringify(name)}: ${compile(partialSource(source))}`,
  );
  return `module.exports = {
hash: ${JSON.stringify(templatesHash(sources))},
postMortem: ${compile(sources.postMortem)},
partials: {
${partials.join(',\n')}
}
};
`;
}
