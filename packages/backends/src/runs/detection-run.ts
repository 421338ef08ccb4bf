import type { AppendLog, DigestIndex } from '@retinabench/files';
import { FinishedImages } from './finished-images.js';
import type { ForgottenImage, LoggedImage } from './logged-image.js';

/** Where the detections of one identity gather, over as many interrupted runs as it takes. */
export interface DetectionRun {
  /** Takes an entry for each image that is finished or forgotten. */
  readonly log: Pick<AppendLog<LoggedImage | ForgottenImage>, 'append'>;
  /** Hashes of the images by name, with the stamps of their files. */
  readonly digests: Pick<DigestIndex, 'keep' | 'trusted' | 'isTrusted'>;
  /** Finished images by name. */
  readonly finished: FinishedImages;
  /** The folder that holds the run; absent: it is kept in memory alone. */
  readonly folder?: string;
  /** Close what is open and give the folder back. */
  close(): void;
}

/** A run that leaves nothing behind, for images that are quickly done again. */
export function memoryRun(): DetectionRun {
  return {
    log: { append: () => undefined },
    digests: { keep: () => undefined, trusted: () => undefined, isTrusted: () => false },
    finished: new FinishedImages(),
    close: () => undefined,
  };
}
