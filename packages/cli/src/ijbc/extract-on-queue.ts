import { type Extraction, type ExtractOptions, extractFeatures } from '@retinabench/eval-ijbc';
import { runId } from '@retinabench/files';
import { cardDigest } from '@retinabench/models/node';
import { extractionCodec } from '../queue/extraction-codec.js';
import type { ExtractionDetails } from '../queue/extraction-kind.js';
import { queueFlagsOf } from '../queue/queue-flags.js';
import { describeFleet, withFleet } from '../queue/with-fleet.js';
import type { Output } from '../terminal/output.js';
import type { ExtractionFlags } from './extraction-flags.js';

/** Images that a worker takes at a time: the time that one may take is given to each of them. */
const imagesPerTask = 8;

/**
 * Extract features by the workers of a queue: what comes of it is what worker processes of this machine would have given.
 *
 * @param root     folder of the images.
 * @param describe told how the fleet does.
 */
export function extractOnQueue(
  output: Output,
  flags: ExtractionFlags,
  options: ExtractOptions,
  root: string,
  describe: (text: string) => void,
): Promise<Extraction> {
  const { identity, detector, landmarker, embedder, flip, resizeLongPx, imageLimitMs, signal } = options;
  const roles = (['detector', 'landmarker', 'embedder'] as const).filter((role) => options[role] !== undefined);
  const models = [detector, landmarker, embedder].flatMap((model) => (model === undefined ? [] : [model]));
  const details: ExtractionDetails = {
    backend: identity.backend.id,
    threads: options.threads,
    flip,
    ...(resizeLongPx === undefined ? {} : { resizeLongPx }),
    roles,
    cards: models.map(({ card }) => ({ card, cardSha256: cardDigest(card) })),
    asked: detector?.asked ?? {},
    settings: identity.settings,
  };
  const { code, backend, runtimes } = identity;
  return withFleet(
    output,
    queueFlagsOf(flags),
    {
      run: runId(identity),
      kind: 'extract',
      title: `features of ${identity.images.count} images by ${embedder.card.id}`,
      conditions: { code, backend, runtimes },
      models: models.map(({ card, bytes }) => ({ id: card.id, bytes })),
      details: { ...details },
      root,
      ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs * imagesPerTask }),
    },
    {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => describe(describeFleet(progress)),
    },
    (fleet) => extractFeatures({ ...options, pool: fleet.pool(extractionCodec(root, flip)) }),
  );
}
