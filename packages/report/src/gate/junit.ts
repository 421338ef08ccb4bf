import type { GateReport, GateResult } from './result.js';

/**
 * The report as JUnit XML, one test case per check, for CI systems that show test results. A failed or not comparable
 * check is a failure, an inconclusive or warned one passes with its message as output: JUnit knows no warning.
 */
export function gateToJunit(report: GateReport): string {
  const failures = report.results.filter(isFailure).length;
  const counts = `tests="${report.results.length}" failures="${failures}" errors="0" skipped="0"`;
  const cases = report.results.map(testCase).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="retinabench gate" ${counts}>
  <testsuite name="gate" ${counts}>
    <properties>
      <property name="verdict" value="${escapeXml(report.verdict)}"/>
      <property name="baseline" value="${escapeXml(report.baseline)}"/>
      <property name="record" value="${escapeXml(report.record)}"/>
    </properties>
${cases}  </testsuite>
</testsuites>
`;
}

function isFailure({ verdict, level, allowed }: GateResult): boolean {
  return verdict === 'fail' || (verdict === 'not comparable' && level === 'error' && allowed !== true);
}

function testCase(result: GateResult): string {
  const { rule, check, verdict, expected, actual, message } = result;
  const open = `    <testcase classname="${escapeXml(rule)}" name="${escapeXml(`${rule} ${check}`)}"`;
  const detail = escapeXml(`${message}\nexpected: ${expected}\nactual: ${actual}`);
  if (isFailure(result)) {
    return `${open}>\n      <failure type="${escapeXml(verdict)}" message="${escapeXml(message)}">${detail}</failure>\n    </testcase>\n`;
  }
  if (verdict === 'pass') return `${open}/>\n`;
  return `${open}>\n      <system-out>${escapeXml(`${verdict}: `)}${detail}</system-out>\n    </testcase>\n`;
}

/** Text for XML content and attribute values; characters that XML 1.0 cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return [...text]
    .map((character) => (isXmlCharacter(character.codePointAt(0) ?? 0) ? character : '\uFFFD'))
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** XML 1.0, production 2 (Char). */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}
