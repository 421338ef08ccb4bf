import { escapeMarkdown } from '../format/markdown.js';
import { describeTests } from './control-errors.js';
import type { GateReport, GateResult, Verdict } from './result.js';

const marks: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  'not comparable': '🚫',
};

/** The report as Markdown, for a step summary or a pull-request comment. */
export function gateToMarkdown(report: GateReport): string {
  const rows = report.results.map(({ rule, check, verdict, level, expected, actual, message }) =>
    [`${marks[verdict]} ${verdict}`, `${rule} (${check}, ${level})`, expected, actual, message]
      .map(escapeMarkdown)
      .join(' | '),
  );
  const isFirst = report.firstBaseline !== undefined;
  return [
    isFirst ? '### ❔ Gate: no verdict on differences yet' : `### ${marks[report.verdict]} Gate: ${report.verdict}`,
    '',
    ...(report.firstBaseline === undefined ? [] : [escapeMarkdown(firstBaselineNote(report.firstBaseline)), '']),
    `- Baseline: ${escapeMarkdown(report.baseline)}`,
    `- Record: ${escapeMarkdown(report.record)}`,
    '',
    ...(rows.length === 0
      ? []
      : [
          '| verdict | rule | expected | actual | |',
          '| --- | --- | --- | --- | --- |',
          ...rows.map((row) => `| ${row} |`),
        ]),
    ...(report.tests === undefined ? [] : ['', describeTests(report.tests)]),
    '',
  ].join('\n');
}

/** What a first run means, and what is to be done that the next one judges. */
export function firstBaselineNote(file: string): string {
  return `no baseline was there: this record is now the first one, in ${file}, and no difference was judged; commit that file and its history, or every run will be the first`;
}

/** The checks that did not pass as GitHub workflow commands, one a line: they show as annotations of the run. */
export function gateToAnnotations(report: GateReport): string {
  const first =
    report.firstBaseline === undefined
      ? []
      : [
          `::warning title=${escapeProperty('gate: first baseline')}::${escapeData(firstBaselineNote(report.firstBaseline))}`,
        ];
  const checks = report.results
    .filter(({ verdict }) => verdict !== 'pass')
    .map((result) => {
      const { rule, message, expected, actual } = result;
      const title = escapeProperty(`${rule}: ${result.verdict}`);
      return `::${command(result)} title=${title}::${escapeData(`${message} Expected ${expected}; got ${actual}.`)}`;
    });
  return [...first, ...checks].join('\n');
}

function command({ verdict, level, allowed }: GateResult): 'error' | 'warning' | 'notice' {
  if (verdict === 'fail') return 'error';
  if (verdict === 'not comparable') return allowed ? 'notice' : level === 'error' ? 'error' : 'warning';
  return 'warning';
}

/** Escaping of a workflow command's message, so that no name in a record can start a command of its own. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
