import type { FailureGroup } from '@retinabench/results';
import type { TaskFailure } from '../workers/messages.js';

/** An image of which no detections could be had, and why. */
export interface FailedImage extends TaskFailure {
  readonly image: string;
  /** SHA-256 of its bytes, where the image is not bad itself. */
  readonly sha256?: string;
}

/** Images that a group names; the terminal names every one. */
const mostNamed = 100;

/**
 * Whether the image itself is bad (it does not decode): then it is left out of the score. Of any other image the model has
 * no detections, and so it is scored.
 */
export function isBadImage({ kind }: FailedImage): boolean {
  return kind === 'input';
}

/** Failures put together that are alike but for sizes and, where an image is bad, its name: as a record holds them. */
export function groupFailures(failed: readonly FailedImage[]): FailureGroup[] {
  const groups = new Map<string, { kind: FailureGroup['kind']; message: string; images: string[] }>();
  for (const { image, kind, message } of failed) {
    const alike = kind === 'input' ? kind : `${kind} ${message.replaceAll(/[\d.]+/g, '#')}`;
    const group = groups.get(alike) ?? { kind, message, images: [] };
    group.images.push(image);
    groups.set(alike, group);
  }
  return [...groups.values()].map(({ kind, message, images }) => ({
    kind,
    message,
    images: images.length,
    named: images.slice(0, mostNamed),
  }));
}
