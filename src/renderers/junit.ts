import type { IncidentReport, ReportIncident } from '../model/report.ts';
import type { Renderer } from './renderer.ts';
import { escapeXml } from './xml.ts';

/**
 * JUnit XML for CI systems: one suite per bundle, one failed case per incident, one passed case when there is none.
 *
 * The failure's message is the title, its text the statement, the chain and the lines behind the root.
 */
export const junit: Renderer = { extension: 'xml', render: renderJunit };

function renderJunit(report: IncidentReport): string {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  const cases = [
    ...report.incidents.map((incident) => failedCase(report, incident)),
    ...(report.incidents.length === 0 ? ['    <testcase classname="forensics" name="no incident found"/>'] : []),
    ...errors.map(
      ({ code, message, source }) =>
        `    <testcase classname="forensics.reading" name="${escapeXml(source ?? code)}"><error type="${escapeXml(code)}" message="${escapeXml(message)}"/></testcase>`,
    ),
  ];
  const counts = `tests="${cases.length}" failures="${report.incidents.length}" errors="${errors.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="forensics" ${counts}>`,
    `  <testsuite name="${escapeXml(report.bundle.name)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function failedCase(report: IncidentReport, incident: ReportIncident): string {
  const best = incident.hypotheses[0];
  const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
  const root = best && best.confidence !== 'undetermined' ? facts.get(best.root) : undefined;
  const lines = [
    best ? `${best.statement} (confidence: ${best.confidence})` : '',
    ...incident.statements.chain.map(({ text }, index) => `${index + 1}. ${text}`),
    ...(root?.evidence ?? []).slice(0, 3).map(({ source, line, quote }) => `${source}:${line}: ${quote}`),
  ].filter((line) => line !== '');
  const name = incident.known ? `${incident.id} (known)` : incident.id;
  return [
    `    <testcase classname="forensics.${incident.severity}" name="${escapeXml(name)}">`,
    `      <failure type="${incident.severity}" message="${escapeXml(incident.title)}">${escapeXml(lines.join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}
