/**
 * Why a test was skipped, as its title or that of a suite around it says in brackets: `(needs the shared data folder)`,
 * `(skipped where /usr/bin/chromium is absent)`; or without them: `skipped: no Redis here`.
 *
 * @param fullName title of the test after those of the suites around it.
 * @returns what is missing, as `needs ...`; undefined if no title names it.
 */
export function skipReason(fullName: string): string | undefined {
  if (/shared data folder/.test(fullName)) return 'needs the shared data folder';
  // A backend's own remedy may hold brackets, and titles are cut short.
  const absentPackage = /\(skipped: (@?[\w/-]+) /.exec(fullName);
  if (absentPackage !== null) return `needs ${absentPackage[1]}`;
  const absentProgram = /skipped[:,] no (.+?)(?: here| with | \(| >|$)/.exec(fullName);
  if (absentProgram !== null) return `needs ${absentProgram[1]}`;
  const said = /\((?:needs?|skip(?:s|ped) (?:without|where)) ([^)]+?)(?: is absent)?\)/.exec(fullName);
  return said === null ? undefined : `needs ${said[1]}`;
}
