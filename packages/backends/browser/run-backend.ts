import {
  type Backend,
  browserBackends,
  type DetectionProtocol,
  type Detections,
  FaceDetector,
  type RgbImage,
  resolveProtocol,
} from '@retinabench/backends/browser';
import type { ModelCard } from '@retinabench/models';

/** The detections of one backend, or why there are none. */
export type BackendRun =
  | {
      readonly id: string;
      readonly detections: Detections;
      readonly loadMs: number;
      readonly firstRunMs: number;
      readonly secondRunMs: number;
    }
  | { readonly id: string; readonly reason: string };

/** A model and the image to detect on. */
export interface PageInput {
  readonly model: Uint8Array;
  readonly card: ModelCard;
  readonly image: RgbImage;
  readonly asked: Partial<DetectionProtocol>;
  /** Ids of the backends; absent: all of the browser. */
  readonly backends?: readonly string[];
}

/** Detect on the backends of the browser, one after the other. */
export async function runBackends(input: PageInput): Promise<BackendRun[]> {
  const runs: BackendRun[] = [];
  for (const [id, load] of Object.entries(browserBackends)) {
    if (input.backends?.includes(id) ?? true) runs.push(await runBackend(await load(), input));
  }
  return runs;
}

async function runBackend(backend: Backend, { model, card, image, asked }: PageInput): Promise<BackendRun> {
  const { id } = backend;
  const state = await backend.availability();
  if (!state.available) return { id, reason: `${state.reason}; ${state.remedy}` };
  try {
    const startedMs = performance.now();
    const session = await backend.createSession(model, `model ${card.id}`, { threads: 1 });
    try {
      const detector = new FaceDetector(card, session, resolveProtocol(asked, card));
      const loadedMs = performance.now();
      await detector.detect(image);
      const firstMs = performance.now();
      const detections = await detector.detect(image);
      const secondRunMs = performance.now() - firstMs;
      return { id, detections, loadMs: loadedMs - startedMs, firstRunMs: firstMs - loadedMs, secondRunMs };
    } finally {
      await session.dispose();
    }
  } catch (error) {
    return { id, reason: (error as Error).message };
  }
}
