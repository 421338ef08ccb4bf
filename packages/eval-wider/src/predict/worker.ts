import { type DetectionProtocol, decodeImage, loadDetector, type RgbImage, serveTasks } from '@retinabench/backends';
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

/** One image to detect: its name, `<event>/<image>` without extension, and its file. */
export interface WorkerTask {
  readonly image: string;
  readonly file: string;
}

serveTasks<WorkerInit, WorkerTask, RgbImage, DetectedImage>(async (init) => {
  const { detector } = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  return {
    prepare: ({ file }) => decodeImage(file, file),
    run: async ({ image }, pixels) =>
      toDetectedImage(image, pixels.widthPx, pixels.heightPx, await detector.detect(pixels), init.boxRounding),
  };
});
