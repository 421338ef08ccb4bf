import { BackendError, ProtocolError } from '@retinabench/core';
import type { StampedFile } from '@retinabench/files';
import type { ModelCard } from '@retinabench/models';
import { carryDetections } from '../detector/carry-detections.js';
import type { StageTimes } from '../detector/face-detector.js';
import type { FileDetections, ImageDetector } from '../detector/image-detector.js';
import type { DetectionProtocol } from '../detector/protocol.js';
import { decodeImage } from '../image/decode.js';
import type { RgbImage } from '../image/image.js';
import { readImageFile } from '../image/read-image-file.js';
import { contentSeedOf, type PerturbedImage, perturbImage } from '../perturb/perturb-image.js';
import { loadDetector } from '../registry/load-detector.js';
import { serveTasks } from '../workers/worker.js';
import { type BoxRounding, type DetectedImage, type KeptOutputs, toDetectedImage } from './detected-image.js';
import { loadMeshPoints } from './mesh-points.js';

/** What a worker process needs before its first image. */
export interface DetectionInit {
  readonly model: { readonly bytes: Uint8Array; readonly card: ModelCard };
  readonly backend: string;
  readonly threads: number;
  readonly asked: Partial<DetectionProtocol>;
  readonly boxRounding: BoxRounding;
  /** Of the backend when the run began: what is of another is not mixed into it; absent: any. */
  readonly backendVersion?: string;
  /** What is kept beside boxes and scores. */
  readonly keep?: KeptOutputs;
  /** Keep as all points of each face the 68 of 300-W on the mesh of its dense head. */
  readonly meshPoints?: boolean;
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
  /** What to detect on; absent: the image is that of `knownSha256`. */
  readonly input?: DetectionInput;
}

/** Pixels and what the network sees of them, or a file that is decoded where the detector runs. */
type DetectionInput =
  | { readonly pixels: RgbImage; readonly perturbed: PerturbedImage }
  | { readonly bytes: Uint8Array };

serveTasks<DetectionInit, ImageTask, Prepared, ImageOutcome>(async (init) => {
  const { detector, protocol, backend, dispose } = await loadDetector(init.model, init.backend, init.asked, {
    threads: init.threads,
  });
  if (init.backendVersion !== undefined && backend.version !== init.backendVersion) {
    await dispose();
    throw new BackendError(
      `backend ${backend.id}: it was ${init.backendVersion} when the run began and is ${backend.version} now (an update?); run the same command again, which begins a run of its own`,
    );
  }
  const { perturb, decode } = protocol;
  const meshPoints = init.meshPoints === true ? await loadMeshPoints() : undefined;
  return {
    prepare: async ({ file, knownSha256 }) => {
      const { bytes, ...reading } = await readImageFile(file);
      if (reading.sha256 === knownSha256) return { reading };
      if (decode === 'browser') return { reading, input: { bytes } };
      const pixels = await decodeImage(bytes, file);
      const perturbed =
        perturb === undefined
          ? { image: pixels, movements: [] }
          : await perturbImage(pixels, perturb, contentSeedOf(reading.sha256));
      return { reading, input: { pixels, perturbed } };
    },
    run: async ({ image, file }, { reading, input }) => {
      if (input === undefined) return { image, reading };
      const startedMs = performance.now();
      const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
      const { detections, widthPx, heightPx } = await detectOn(detector, input, file, times);
      const detectMs = times.totalMs ?? performance.now() - startedMs;
      return {
        image,
        reading,
        detectMs: Math.round(detectMs * 100) / 100,
        detected: {
          ...toDetectedImage(image, widthPx, heightPx, detections, init.boxRounding, init.keep),
          ...(meshPoints === undefined ? {} : { points: meshPoints(detections) }),
        },
      };
    },
  };
});

async function detectOn(
  detector: ImageDetector,
  input: DetectionInput,
  place: string,
  times: StageTimes,
): Promise<FileDetections> {
  if ('bytes' in input) {
    if (detector.detectFile === undefined) throw new ProtocolError('--decode browser: the backend runs in no browser');
    return detector.detectFile(input.bytes, place, times);
  }
  const { pixels, perturbed } = input;
  const detections = carryDetections(await detector.detect(perturbed.image, times), perturbed.movements);
  return { detections, widthPx: pixels.widthPx, heightPx: pixels.heightPx };
}
