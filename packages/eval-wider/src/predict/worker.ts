import {
  type DetectionProtocol,
  decodeImage,
  loadDetector,
  type RgbImage,
  readImageFile,
  serveTasks,
} from '@retinabench/backends';
import type { StampedFile } from '@retinabench/files';
import type { ModelCard } from '@retinabench/models';
import { type BoxRounding, type DetectedImage, toDetectedImage } from './detected-image.js';

/** What a worker process needs before its first image. */
export interface WorkerInit {
  readonly model: { readonly bytes: Uint8Array; readonly card: ModelCard };
  readonly backend: string;
  readonly threads: number;
  readonly asked: Partial<DetectionProtocol>;
  readonly boxRounding: BoxRounding;
}

/** One image to detect. */
export interface WorkerTask {
  /** Its name, `<event>/<image>` without extension. */
  readonly image: string;
  readonly file: string;
  /** SHA-256 of the image whose detections are at hand: if it is still that, nothing is decoded. */
  readonly knownSha256?: string;
}

/** What a worker found. */
export interface WorkerResult {
  readonly image: string;
  /** Of the bytes that were read. */
  readonly reading: Pick<StampedFile, 'sha256' | 'stamp'>;
  /** Absent: the bytes are those of `knownSha256`. */
  readonly detected?: DetectedImage;
}

/** The bytes are read once: what is hashed is what is decoded. */
interface Prepared {
  readonly reading: WorkerResult['reading'];
  readonly pixels?: RgbImage;
}

serveTasks<WorkerInit, WorkerTask, Prepared, WorkerResult>(async (init) => {
  const { detector } = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  return {
    prepare: async ({ file, knownSha256 }) => {
      const { bytes, ...reading } = await readImageFile(file);
      return reading.sha256 === knownSha256 ? { reading } : { reading, pixels: await decodeImage(bytes, file) };
    },
    run: async ({ image }, { reading, pixels }) => {
      if (pixels === undefined) return { image, reading };
      const found = await detector.detect(pixels);
      return {
        image,
        reading,
        detected: toDetectedImage(image, pixels.widthPx, pixels.heightPx, found, init.boxRounding),
      };
    },
  };
});
