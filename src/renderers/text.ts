import pc from 'picocolors';
import type { IncidentReport, ReportFact, ReportIncident } from '../model/report.ts';
import { bytesText, clause, counted, percent, shorten } from '../text/grammar.ts';
import { plainLine } from '../text/markdown.ts';
import { factTime, incidentDay } from './cascade.ts';
import type { Renderer } from './renderer.ts';
import { momentOf } from './view.ts';

/**
 * One screen for the terminal: verdict, cause, chain with times, what to do next, what is missing.
 *
 * Text of the bundle is stripped of control characters, so that a log line cannot steer the terminal.
 */
export const text: Renderer = { extension: 'txt', render: (report, { colour }) => renderText(report, colour ?? false) };

const WIDTH = 100;
const LABEL = 12;

type Paint = ReturnType<typeof pc.createColors>;

function renderText(report: IncidentReport, colour: boolean): string {
  const paint = pc.createColors(colour);
  const [main, ...further] = report.incidents;
  const lines: string[] = [];
  if (!main) lines.push(paint.bold(paint.green('No incident found')), '');
  for (const { text: said } of report.summary) lines.push(...wrap(said, '', ''), '');
  if (main) lines.push(...incidentLines(report, main, paint));
  if (further.length > 0) lines.push('');
  for (const incident of further.slice(0, 4)) {
    lines.push(
      `${paint.bold('Also')}        ${paint.yellow(incident.severity)} ${shorten(plainLine(incident.title), WIDTH - 20)}`,
    );
  }
  if (report.verdict !== 'incident') {
    const found = report.anomalies.slice(0, 6).flatMap(({ title, evidence }) => {
      const place = evidence[0] ? ` (${evidence[0].source}:${evidence[0].line})` : '';
      return wrap(`${plainLine(title)}${place}`, '  - ', '    ');
    });
    if (found.length > 0) lines.push(paint.bold('Stands out'), ...found, '');
  }
  const missing = report.questions.slice(0, 3).map(({ need, run }) => (run === '' ? need : `${need}: ${run}`));
  if (missing.length > 0)
    lines.push('', paint.bold('Missing'), ...missing.flatMap((item) => wrap(plainLine(item), '  - ', '    ')));
  lines.push('', paint.dim(footer(report)));
  return `${lines
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}

function incidentLines(report: IncidentReport, incident: ReportIncident, paint: Paint): string[] {
  const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
  const day = incidentDay(incident);
  const best = incident.hypotheses[0];
  const isNamed = best !== undefined && best.confidence !== 'undetermined';
  const onset = incident.onset ? momentOf(incident.onset) : 'begin not in the bundle';
  const lines = [
    ...titleLines(incident, paint),
    paint.dim(`${onset}; ${incident.durations.map(({ text: said }) => said).join('; ')}`),
    '',
  ];
  if (isNamed) {
    lines.push(...labelled('Root cause', `${plainLine(best.statement)} (confidence: ${best.confidence})`, paint));
    lines.push(...labelled('Evidence', place(facts.get(best.root)), paint));
    if (incident.statements.chain.length > 0) {
      lines.push(paint.bold('Spread'), ...spreadLines(incident, best.root, facts, day, paint));
    }
  } else lines.push(...labelled('Root cause', 'not determined: the evidence does not carry one', paint));
  for (const deadlock of incident.deadlocks) {
    const loop = deadlock.members.map(({ component }) => component);
    lines.push(...labelled('Deadlock', [...loop, loop[0]].join(' → '), paint));
  }
  for (const pattern of incident.patterns.filter(({ verdict }) => verdict !== 'absent')) {
    const range = pattern.max > pattern.min ? `, up to ${pattern.max} possible` : '';
    lines.push(
      ...labelled(
        'Pattern',
        `${pattern.title}: ${pattern.verdict}, ${pattern.min} of ${pattern.total} points${range}`,
        paint,
      ),
    );
  }
  for (const { statement } of incident.contributing.slice(0, 3))
    lines.push(...labelled('Contributing', plainLine(statement), paint));
  for (const other of incident.hypotheses.slice(1, 3)) {
    if (isNamed && other.confidence !== 'undetermined')
      lines.push(
        ...labelled(
          'Or',
          `${clause(plainLine(other.title))} (score ${Math.round(other.score)} against ${Math.round(best.score)})`,
          paint,
        ),
      );
  }
  if (incident.remediation.length > 0) {
    lines.push('', paint.bold('Next'));
    for (const { order, title, safety, check } of incident.remediation.slice(0, 4)) {
      lines.push(...wrap(`${plainLine(title)} (${safety}); first check: ${plainLine(check)}`, `  ${order}. `, '     '));
    }
  }
  return lines;
}

function titleLines({ severity, title }: ReportIncident, paint: Paint): string[] {
  const [first = '', ...rest] = wrap(plainLine(title), `${severity} `, ' '.repeat(severity.length + 1));
  const head = `${paint.bold(paint.red(severity))}${paint.bold(first.slice(severity.length))}`;
  return [head, ...rest.map((line) => paint.bold(line))];
}

const MOST_STEPS = 12;

function spreadLines(
  incident: ReportIncident,
  root: string,
  facts: ReadonlyMap<string, ReportFact>,
  day: string | undefined,
  paint: Paint,
): string[] {
  const steps = incident.statements.chain.flatMap(({ facts: [, effect = ''], edges: [edge = ''] }) => {
    const fact = facts.get(effect);
    return fact && fact.severity !== 'low' ? [{ fact, edge: incident.edges.find(({ id }) => id === edge) }] : [];
  });
  const first = facts.get(root);
  const rows = [...(first ? [{ fact: first, edge: undefined }] : []), ...steps];
  const shown = rows.length > MOST_STEPS ? [...rows.slice(0, MOST_STEPS - 3), ...rows.slice(-3)] : rows;
  const times = shown.map(({ fact }) => factTime(fact, day));
  const column = Math.min(24, Math.max(8, ...times.map((time) => time.length)));
  const lines = shown.flatMap(({ fact, edge }, index) => {
    const arrow = edge ? { observed: '→', inferred: '→', assumed: '⇢' }[edge.basis] : ' ';
    const lag = edge?.from === shown[index - 1]?.fact.id ? (edge?.lag?.text ?? '') : '';
    const notes = edge ? [edge.basis === 'observed' ? '' : edge.basis, lag].filter((note) => note !== '') : [];
    const tail = notes.length > 0 ? ` (${notes.join(', ')})` : '';
    const head = `  ${(times[index] ?? '').padEnd(column)} ${arrow} `;
    const wrapped = wrap(`${plainLine(fact.title)}${tail}`, head, ' '.repeat(head.length));
    return wrapped.map((row, at) => (at === 0 ? paint.dim(row.slice(0, head.length)) + row.slice(head.length) : row));
  });
  const omitted = rows.length - shown.length;
  return omitted > 0 ? [...lines, `  … and ${counted(omitted, 'step')} between them: see the post-mortem`] : lines;
}

function place(root: ReportFact | undefined): string {
  const first = root?.evidence[0];
  return first
    ? `${first.source}:${first.line}: ${plainLine(first.quote).replace(/ {2,}/gu, '  ')}`
    : 'derived, no line of its own';
}

function labelled(label: string, said: string, paint: Paint): string[] {
  const head = `${label} `.padEnd(LABEL + 1);
  const [first = '', ...rest] = wrap(said, head, ' '.repeat(head.length));
  return [paint.bold(first.slice(0, head.length)) + first.slice(head.length), ...rest];
}

function wrap(said: string, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of said.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

function footer({ coverage, bundle, rules, redactions }: IncidentReport): string {
  const hidden = redactions.secrets > 0 ? `; ${counted(redactions.secrets, 'secret')} redacted` : '';
  const read = `${counted(coverage.files, 'file')}, ${bytesText(coverage.bytes)}, ${percent(coverage.understoodShare)} of the lines understood`;
  return `${plainLine(bundle.name)}: ${read}; rules ${rules.hash.slice(0, 12)}${hidden}`;
}
