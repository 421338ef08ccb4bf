import { eventOf } from '../ground-truth/ground-truth.js';
import { restrictGroundTruth } from '../ground-truth/restrict.js';
import { restrictPredictions } from '../predictions/restrict.js';
import { type Diagnosis, type DiagnosisInput, formatCount } from './diagnosis.js';
import { gatherEvidence, type MatchEvidence } from './evidence.js';
import { diagnoseMisread } from './misread.js';

/** Images of an event that are needed, and the share of them whose best detection may be right. */
const fewestImages = 4;
const mostRight = 0.3;

/** Events that are searched. */
const mostEvents = 6;

/** Whether single events of a run that is sound elsewhere hold boxes that mean something else. */
export function diagnoseEvents(input: DiagnosisInput, { topHit, topPrecision }: MatchEvidence): Diagnosis[] {
  const { groundTruth, predictions } = input;
  const events = new Map<string, { images: string[]; right: number }>();
  groundTruth.images.forEach((name, image) => {
    if (topHit[image] < 0) return;
    const event = events.get(eventOf(name)) ?? { images: [], right: 0 };
    events.set(eventOf(name), event);
    event.images.push(name);
    event.right += topHit[image];
  });
  const suspects = [...events]
    .filter(
      ([, { images, right }]) =>
        images.length >= fewestImages && right < Math.min(mostRight, topPrecision / 2) * images.length,
    )
    .slice(0, mostEvents);
  if (events.size < 2) return [];
  return suspects.flatMap(([event, { images }]) => {
    const kept = new Set(images);
    const { matched: _, ...rest } = input;
    const own = {
      ...rest,
      groundTruth: restrictGroundTruth(groundTruth, kept),
      predictions: restrictPredictions(predictions, kept),
    };
    return diagnoseMisread(own, gatherEvidence(own)).map((diagnosis) => ({
      ...diagnosis,
      evidence: `in the event ${event} (${formatCount(images.length)} images) ${diagnosis.evidence}`,
      fix: `write the predictions of this event again as those of the others; alone they would be read with ${diagnosis.fix}`,
    }));
  });
}
