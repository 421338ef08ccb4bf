import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { makeFolder } from '@retinabench/datasets';
import { type GateReport, gateToAnnotations, gateToJunit, gateToMarkdown } from '@retinabench/report';
import writeFileAtomic from 'write-file-atomic';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';

/**
 * Give a gate's report to people and machines: a table, JSON under `--json`, JUnit XML if asked for and, when GitHub
 * Actions runs the process, annotations and the step summary.
 *
 * @throws {EnvironmentError} if a file cannot be written.
 */
export async function publishGate(output: Output, report: GateReport, junitFile: string | undefined): Promise<void> {
  printResult(output, renderGate(report));
  printJson(output, report);
  if (junitFile !== undefined) {
    await write(junitFile, async () => {
      await makeFolder(path.dirname(junitFile));
      await writeFileAtomic(junitFile, gateToJunit(report));
    });
  }
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  const annotations = gateToAnnotations(report);
  if (annotations !== '') printNote(annotations);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') await write(summary, () => appendFile(summary, gateToMarkdown(report)));
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
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ verdict, rule, message }) => `${verdict}: ${rule}: ${message}`);
  return [
    `baseline: ${report.baseline}`,
    `record:   ${report.record}`,
    '',
    table,
    '',
    ...notes,
    `gate: ${report.verdict}`,
  ].join('\n');
}

async function write(file: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot write it (${(cause as Error).message}); choose another place`, {
      cause,
    });
  }
}
