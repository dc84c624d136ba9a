const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/gu;
const MISSING = '\ue000';
/** A word that makes no sense without what follows it. */
const DANGLING =
  /(?:,?\s(?:seen|reported|found|as seen))?\s(?:on|of|from|at|to|for|in|by|with|after|over|via|against|named|took|than)\s\ue000(?:\s(?:s|ms|bytes)\b|\s?%)?/gu;

/** What a sentence is about when it begins with a name that is not known: without it the sentence has no subject. */
const SUBJECTS: Readonly<Record<string, string>> = {
  node: 'A node',
  service: 'A service',
  unit: 'A unit',
  user: 'A user',
  object: 'An object',
  process: 'A process',
  comm: 'A process',
  interface: 'An interface',
  device: 'A device',
  hook: 'A hook',
  target: 'A target',
};
const LEADING = /^\{\{\s*(?<name>[A-Za-z_][\w.-]*)\s*\}\}(?= [a-z])/u;

/** "1 restarts": rules write the plural after a number. */
const ONE_OF_MANY =
  /(?<![\d.,:/-])(1 (?:restart|time|pod|node|container|second|minute|hour|day|file|row|error|attempt))s\b/gu;

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
    .replace(LEADING, (whole, name: string) => (values(name) ? whole : (SUBJECTS[name] ?? whole)))
    .replace(PLACEHOLDER, (_, name: string) => values(name) || MISSING)
    .replace(/["'(`]\ue000["')`]/gu, MISSING)
    .replace(/\ue000\/(?=\S)|\/\ue000/gu, '')
    .replace(DANGLING, '')
    .replaceAll(MISSING, '')
    .replace(/\(\s*\)/gu, '')
    .replace(/\s+([,.;:])/gu, '$1')
    .replace(/ {2,}/gu, ' ')
    .replace(ONE_OF_MANY, '$1')
    .replace(/[\s,:;–-]{1,20}(?=[.)](?:\s|$)|$)/gu, '')
    .trim();
}

/** Names of the placeholders of a template, in order of appearance. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
}
