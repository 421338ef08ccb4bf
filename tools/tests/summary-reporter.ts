import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { skipReason } from './skip-reason.js';

/** Prints one closing summary of a run: what was skipped and why, then how many tests passed, failed and were skipped. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const skipped = new Map<string, number>();
    for (const test of tests) {
      const { state } = test.result();
      counts[state]++;
      if (state === 'skipped') {
        const reason = reasonOf(test);
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
    }
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
    );
    const lines = [...skipped].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} skipped: ${reason}`);
    for (const module of broken) lines.push(`failed to run: ${module.relativeModuleId}`);
    lines.push(`${counts.passed} passed, ${counts.failed + broken.length} failed, ${counts.skipped} skipped`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? skipReason(test.fullName) ?? `no reason given: ${test.fullName}`;
}
