import { appendFile } from 'node:fs/promises';
import { EnvironmentError } from '@retinabench/core';
import {
  describeTests,
  firstBaselineNote,
  type GateReport,
  gateFailureToJunit,
  gateFailureToMarkdown,
  gateToAnnotations,
  gateToJunit,
  gateToMarkdown,
} from '@retinabench/report';
import { type Output, printJson, printResult, printWorkflowCommands } from '../terminal/output.js';
import { type OutputKind, writeOutput } from '../terminal/output-file.js';
import { renderTable } from '../terminal/table.js';

/** The JUnit file of a gate. */
export const junitOutput: OutputKind = {
  what: 'the JUnit file',
  flag: '--junit FILE',
  begins: /^\uFEFF?\s*<(\?xml|testsuite)/,
};

/** The Markdown file of a gate. */
export const markdownOutput: OutputKind = {
  what: 'the Markdown file',
  flag: '--markdown FILE',
  begins: /^\uFEFF?\s*#/,
};

/** Files that a gate writes when asked. */
export interface GateFiles {
  readonly junit?: string;
  readonly markdown?: string;
}

/**
 * Give a gate's report to machines and people: JUnit XML and Markdown if asked for and, when GitHub Actions runs the process, the step
 * summary and annotations; then JSON under `--json` and a table. The files come first, since a terminal may go away.
 *
 * @throws {EnvironmentError} if a file cannot be written.
 */
export async function publishGate(output: Output, report: GateReport, { junit, markdown }: GateFiles): Promise<void> {
  try {
    if (junit !== undefined) await writeOutput(junit, gateToJunit(report), junitOutput);
    if (markdown !== undefined) await writeOutput(markdown, gateToMarkdown(report), markdownOutput);
    if (process.env.GITHUB_ACTIONS === 'true') await publishToGithub(report);
  } finally {
    printJson(output, report);
    printResult(output, renderGate(report));
  }
}

/**
 * Write into the files of a gate, and into the step summary, that it came to no verdict: what lies there from an earlier run must not
 * be taken for this one's. What cannot be written is left: the error itself is told and decides the exit code.
 */
export async function publishFailure(error: unknown, { junit, markdown }: GateFiles): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const summary = process.env.GITHUB_ACTIONS === 'true' ? (process.env.GITHUB_STEP_SUMMARY ?? '') : '';
  await Promise.allSettled([
    junit === undefined ? undefined : writeOutput(junit, gateFailureToJunit(message), junitOutput),
    markdown === undefined ? undefined : writeOutput(markdown, gateFailureToMarkdown(message), markdownOutput),
    summary === '' ? undefined : appendSummary(summary, gateFailureToMarkdown(message)),
  ]);
}

async function publishToGithub(report: GateReport): Promise<void> {
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') await appendSummary(summary, gateToMarkdown(report));
  const annotations = gateToAnnotations(report);
  if (annotations !== '') printWorkflowCommands(annotations);
}

function renderGate(report: GateReport): string {
  const rows = report.results.map(({ verdict, rule, check, level, expected, actual }) => [
    verdict,
    rule,
    check,
    level,
    expected,
    actual,
  ]);
  const table = renderTable(
    ['verdict', 'rule', 'check', 'level', 'expected', 'actual'].map((heading) => ({ heading })),
    rows,
  );
  const notes = report.results
    .filter(({ verdict, caveat }) => verdict !== 'pass' || caveat !== undefined)
    .map(({ verdict, rule, message }) => `${verdict}: ${rule}: ${message}`);
  return [
    `baseline: ${report.baseline}`,
    `record:   ${report.record}`,
    '',
    ...(rows.length === 0 ? [] : [table, '']),
    ...(report.firstBaseline === undefined ? [] : [firstBaselineNote(report.firstBaseline)]),
    ...notes,
    ...(report.tests === undefined ? [] : [describeTests(report.tests)]),
    report.firstBaseline === undefined ? `gate: ${report.verdict}` : 'gate: no verdict on differences yet',
  ].join('\n');
}

async function appendSummary(file: string, text: string): Promise<void> {
  await appendFile(file, text).catch((cause: Error) => {
    throw new EnvironmentError(`${file}: cannot append to the step summary (${cause.message}); choose another place`, {
      cause,
    });
  });
}
