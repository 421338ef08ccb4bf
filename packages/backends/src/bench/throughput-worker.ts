import { decodeImage } from '../image/decode.js';
import type { RgbImage } from '../image/image.js';
import { loadDetector } from '../registry/load-detector.js';
import { serveTasks } from '../workers/worker.js';
import type { ThroughputInit } from './run-throughput.js';

/** An image on its way: when its preparation began. */
interface Prepared {
  readonly startedMs: number;
  readonly image: RgbImage;
}

serveTasks<ThroughputInit, string, Prepared, number>(async (init) => {
  const { detector } = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  return {
    prepare: async (file) => {
      const startedMs = performance.now();
      return { startedMs, image: await decodeImage(file, file) };
    },
    run: async (_, { startedMs, image }) => {
      await detector.detect(image);
      return performance.now() - startedMs;
    },
  };
});
