import { type ForgottenImage, type LoggedImage, parseLogEntry } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';

/** `<event>/<image>`: two plain steps, neither `.` nor `..`. */
const widerName = /^(?!\.{1,2}\/)[^/\\\0]+\/(?!\.{1,2}$)[^/\\\0]+$/;

/**
 * Assert that a line of a WIDER run's log is an image `<event>/<image>` that was detected or forgotten. Its prediction file
 * lies in the folder of its event.
 *
 * @throws {DatasetError} naming `place` and the field.
 */
export function parseWiderEntry(value: unknown, place: string): LoggedImage | ForgottenImage {
  const entry = parseLogEntry(value, place);
  if (widerName.test(entry.image)) return entry;
  throw new DatasetError(
    `${place}: not a detected image: image: expected <event>/<image>, got ${JSON.stringify(entry.image.slice(0, 80))}; run again with --fresh`,
  );
}
