import { type FailedImage, groupFailures, isBadImage } from '@retinabench/backends/runs';
import { BackendError, DatasetError, ModelError } from '@retinabench/core';
import { exitCodes } from '../exit.js';

/** What the terminal says before the name of an image. */
const failureWords: Readonly<Record<FailedImage['kind'], string>> = {
  input: 'not detected',
  work: 'the model failed',
  timeout: 'timed out',
  death: 'quarantined',
};

/** A line an image; where the model fails on many alike, one for all of them. */
export function failureNotes(failed: readonly FailedImage[]): string[] {
  const lines = failed
    .filter(({ kind }) => kind !== 'work')
    .map(({ image, message, kind }) => `${failureWords[kind]}: ${image}: ${message}`);
  for (const { images, message, named } of groupFailures(failed.filter(({ kind }) => kind === 'work'))) {
    const more = images > 1 ? ` and ${images - 1} more alike` : '';
    lines.push(`${failureWords.work}: ${named[0]}${more}: ${message}`);
  }
  return lines;
}

/** What belongs beside the number, also in the record: a sentence for each kind of failure that occurred. */
export function describeFailures(failed: readonly FailedImage[], total: number): string[] {
  const say = (kind: FailedImage['kind'], most: number, words: string, next: string): string[] => {
    const alike = failed.filter((image) => image.kind === kind);
    if (alike.length === 0) return [];
    const names = summarise(
      alike.map(({ image }) => image),
      most,
    );
    return [`${alike.length} of ${total} images ${words}: ${names}${next}`];
  };
  const reason = failed.find(({ kind }) => kind === 'work')?.message;
  const again = '; the same command tries them again';
  return [
    ...say('input', 5, 'could not be detected and are left out of the score', ''),
    ...say('work', 5, 'made the model fail and count as images without detections', ` (${reason})${again}`),
    ...say('timeout', 100, 'took too long and count as images without detections', again),
    ...say(
      'death',
      100,
      'killed their worker process twice, are quarantined and count as images without detections',
      again,
    ),
  ];
}

/**
 * The exit code of a run in which images failed: a bad image is a warning, unless asked to be strict; where model or machine
 * failed, the result is not the one asked for.
 */
export function exitCodeOfFailures(failed: readonly FailedImage[], strict: boolean): number {
  const others = failed.filter((image) => !isBadImage(image));
  if (others.some(({ exitCode }) => exitCode === exitCodes.environment)) return exitCodes.environment;
  return others.length > 0 || (strict && failed.length > 0) ? exitCodes.invalidInput : exitCodes.pass;
}

/** The error of a run that detected on no image: the model's, where one image reached it. */
export function nothingDetected(failed: readonly FailedImage[], root: string): Error {
  const first = failed.find((image) => !isBadImage(image));
  if (first === undefined) {
    return new DatasetError(
      `${root}: none of ${failed.length} images could be detected; run retinabench datasets check ${root}`,
    );
  }
  const message = `none of ${failed.length} images could be detected: ${first.message}`;
  return first.exitCode === exitCodes.invalidInput ? new ModelError(message) : new BackendError(message);
}

function summarise(names: readonly string[], most: number): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
