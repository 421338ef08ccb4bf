import { withColumns } from './columns.js';
import { type ReadLandmarks, readLandmarks } from './read-landmarks.js';
import type { PredictionSourceFlags, TruthFlags } from './source-flags.js';

/** Read the annotated landmarks, with the columns beside them. */
export async function readTruth(location: string, flags: TruthFlags): Promise<ReadLandmarks> {
  const read = await readLandmarks({
    location,
    side: 'gt',
    format: flags.gtFormat,
    firstPixel: firstPixel(flags.gtFirstPixel),
    settings: { boxes: flags.gtBoxesFile === undefined ? flags.gtBoxes : undefined },
  });
  return { ...read, set: await withColumns(read.set, flags) };
}

/** Read the predicted landmarks. */
export function readPredicted(location: string, flags: PredictionSourceFlags): Promise<ReadLandmarks> {
  return readLandmarks({
    location,
    side: 'pred',
    format: flags.predFormat,
    firstPixel: firstPixel(flags.predFirstPixel),
    settings: { boxes: flags.predBoxes },
  });
}

function firstPixel(text: '0' | '1' | undefined): 0 | 1 | undefined {
  return text === undefined ? undefined : text === '1' ? 1 : 0;
}
