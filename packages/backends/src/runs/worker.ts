import type { StampedFile } from '@retinabench/files';
import type { ModelCard } from '@retinabench/models';
import { carryDetections } from '../detector/carry-detections.js';
import type { StageTimes } from '../detector/face-detector.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import { decodeImage } from '../image/decode.js';
import type { RgbImage } from '../image/image.js';
import { readImageFile } from '../image/read-image-file.js';
import { contentSeedOf, type PerturbedImage, perturbImage } from '../perturb/perturb-image.js';
import { loadDetector } from '../registry/load-detector.js';
import { serveTasks } from '../workers/worker.js';
import { type BoxRounding, type DetectedImage, toDetectedImage } from './detected-image.js';

/** What a worker process needs before its first image. */
export interface DetectionInit {
  readonly model: { readonly bytes: Uint8Array; readonly card: ModelCard };
  readonly backend: string;
  readonly threads: number;
  readonly asked: Partial<DetectionProtocol>;
  readonly boxRounding: BoxRounding;
  /** Keep the five points of each face, where the model gives them. */
  readonly landmarks?: boolean;
}

/** One image to detect. */
export interface ImageTask {
  /** Its name in the run, a relative path of plain steps joined by `/`. */
  readonly image: string;
  readonly file: string;
  /** SHA-256 of the image whose detections are at hand: if it is still that, nothing is decoded. */
  readonly knownSha256?: string;
}

/** What a worker found. */
export interface ImageOutcome {
  readonly image: string;
  /** Of the bytes that were read. */
  readonly reading: Pick<StampedFile, 'sha256' | 'stamp'>;
  /** Absent: the bytes are those of `knownSha256`. */
  readonly detected?: DetectedImage;
  /** Time of the detector, in milliseconds; present with `detected`. */
  readonly detectMs?: number;
  /** In what the machine that did it differs from what the run asks for; absent: in nothing. */
  readonly madeBy?: readonly string[];
}

/** The bytes are read once: what is hashed is what is decoded. */
interface Prepared {
  readonly reading: ImageOutcome['reading'];
  readonly pixels?: RgbImage;
  /** What the network sees of them. */
  readonly perturbed?: PerturbedImage;
}

serveTasks<DetectionInit, ImageTask, Prepared, ImageOutcome>(async (init) => {
  const { detector, protocol } = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  const { perturb } = protocol;
  return {
    prepare: async ({ file, knownSha256 }) => {
      const { bytes, ...reading } = await readImageFile(file);
      if (reading.sha256 === knownSha256) return { reading };
      const pixels = await decodeImage(bytes, file);
      if (perturb === undefined) return { reading, pixels, perturbed: { image: pixels, movements: [] } };
      return { reading, pixels, perturbed: await perturbImage(pixels, perturb, contentSeedOf(reading.sha256)) };
    },
    run: async ({ image }, { reading, pixels, perturbed }) => {
      if (pixels === undefined || perturbed === undefined) return { image, reading };
      const startedMs = performance.now();
      const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
      const found = carryDetections(await detector.detect(perturbed.image, times), perturbed.movements);
      const detectMs = times.totalMs ?? performance.now() - startedMs;
      return {
        image,
        reading,
        detectMs: Math.round(detectMs * 100) / 100,
        detected: toDetectedImage(
          image,
          pixels.widthPx,
          pixels.heightPx,
          found,
          init.boxRounding,
          init.landmarks === true,
        ),
      };
    },
  };
});
