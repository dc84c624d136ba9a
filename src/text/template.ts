const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/gu;
const MISSING = '\ue000';
/** A word that makes no sense without what follows it. */
const DANGLING =
  /(?:,?\s(?:seen|reported|found|as seen))?\s(?:on|of|from|at|to|for|in|by|with|after|over|via|against|named|took|than)\s\ue000(?:\s(?:s|ms|bytes)\b|\s?%)?/gu;

/**
 * Fills `{{name}}` in a sentence of a rule.
 *
 * A value that is not known leaves no hole behind: a preposition before it goes too, so that
 * "Task blocked on {{node}} for {{seconds}} s" still reads well when the node is unknown; of `{{namespace}}/{{name}}`
 * the half that is known stays.
 *
 * @param values - texts by name; `undefined` is unknown
 */
export function fillTemplate(template: string, values: (name: string) => string | undefined): string {
  return template
    .replace(PLACEHOLDER, (_, name: string) => values(name) || MISSING)
    .replace(/["'(`]\ue000["')`]/gu, MISSING)
    .replace(/\ue000\/(?=\S)|\/\ue000/gu, '')
    .replace(DANGLING, '')
    .replaceAll(MISSING, '')
    .replace(/\(\s*\)/gu, '')
    .replace(/\s+([,.;:])/gu, '$1')
    .replace(/ {2,}/gu, ' ')
    .replace(/[\s,:;–-]{1,20}(?=[.)](?:\s|$)|$)/gu, '')
    .trim();
}

/** Names of the placeholders of a template, in order of appearance. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
}
