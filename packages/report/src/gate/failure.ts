import { escapeMarkdown } from '../format/markdown.js';
import { escapeXml } from './junit.js';

/**
 * A gate that came to no verdict as Markdown, so that a comment or an artifact never shows the verdict of an earlier run in its place.
 *
 * @param message why, as the terminal has it.
 */
export function gateFailureToMarkdown(message: string): string {
  return `### 🚫 Gate: error, no verdict\n\n${escapeMarkdown(message)}\n`;
}

/**
 * The same as JUnit XML: one test case with an error.
 *
 * @param message why, as the terminal has it.
 */
export function gateFailureToJunit(message: string): string {
  const counts = 'tests="1" failures="0" errors="1" skipped="0"';
  const said = escapeXml(message);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="retinabench gate" ${counts}>
  <testsuite name="gate" ${counts}>
    <testcase classname="gate" name="gate verdict">
      <error message="${said}">${said}</error>
    </testcase>
  </testsuite>
</testsuites>
`;
}
