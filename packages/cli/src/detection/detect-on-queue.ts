import {
  type DetectedImages,
  type DetectImagesOptions,
  detectImages,
  type LoggedImage,
} from '@retinabench/backends/runs';
import { runId } from '@retinabench/files';
import { detectionCodec } from '../queue/detection-codec.js';
import type { DetectionDetails } from '../queue/detection-kind.js';
import { queueFlagsOf } from '../queue/queue-flags.js';
import { describeFleet, withFleet } from '../queue/with-fleet.js';
import type { Output } from '../terminal/output.js';
import type { DetectionPlan } from './detection-plan.js';
import type { DetectionFlags } from './resolve-detector.js';

/**
 * Detect on images by the workers of a queue. What is kept, and what comes of it, is what worker processes of this machine
 * would have given.
 *
 * @param options as detectImages takes them.
 * @param describe told how the fleet does.
 */
export function detectOnQueue(
  output: Output,
  flags: DetectionFlags,
  { model, identity, set }: DetectionPlan,
  options: DetectImagesOptions,
  describe: (text: string) => void,
): Promise<DetectedImages> {
  const { card } = model;
  const { code, backend, runtimes, settings } = identity;
  const { model: _, images, run, workers, imageLimitMs, pool, onProgress, signal, ...init } = options;
  const details: DetectionDetails = { card, cardSha256: identity.model.cardSha256, init, settings };
  return withFleet(
    output,
    queueFlagsOf(flags),
    {
      run: runId(identity),
      kind: 'detect',
      title: `${card.id} on ${set.name}`,
      conditions: { code, backend, runtimes },
      models: [{ id: card.id, bytes: model.bytes }],
      details: { ...details },
      root: set.root,
      ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs }),
    },
    {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => describe(describeFleet(progress)),
    },
    (fleet) => detectImages({ ...options, pool: fleet.pool(detectionCodec) }),
  );
}

/** What a record says of detections that machines made which differ from what was asked for. */
export function describeOtherMachines(images: readonly Pick<LoggedImage, 'madeBy'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { madeBy } of images) {
    if (madeBy === undefined) continue;
    const text = madeBy.join('; ');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(
    ([text, count]) => `${count} of ${images.length} images were detected on a machine that differs (--allow): ${text}`,
  );
}
