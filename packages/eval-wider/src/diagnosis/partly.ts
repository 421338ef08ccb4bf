import { formatCount } from '@retinabench/results';
import { eventOf } from '../ground-truth/ground-truth.js';
import { restrictGroundTruth } from '../ground-truth/restrict.js';
import { restrictPredictions } from '../predictions/restrict.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { gatherEvidence, type MatchEvidence } from './evidence.js';
import { diagnoseMisread } from './misread.js';

/** Images of an event that are needed, and the share of them whose best detection may be right. */
const fewestImages = 4;
const mostRight = 0.3;

/** Share of the recall of the run that a reading has to reach in an event. */
const fewestOfEvent = 0.5;

/** Share of all images whose best detection is right from which on an event can be the exception. */
const fewestSound = 0.5;

/** Events that are searched. */
const mostEvents = 6;

/** Images in which nothing is found that are searched together, and their share. */
const fewestDead = 8;
const deadShare = 0.05;

/**
 * Whether a part of a run holds boxes that mean something else: the images in which nothing is found, taken together, or
 * single events.
 */
export function diagnosePartly(input: DiagnosisInput, evidence: MatchEvidence): Diagnosis[] {
  const { faces, found, topHit } = evidence;
  const { images } = input.groundTruth;
  const dead = images.filter((_, image) => topHit[image] === 0 && faces[image] > 0 && found[image] === 0);
  const tried = topHit.reduce((sum, hit) => sum + (hit >= 0 ? 1 : 0), 0);
  if (dead.length >= Math.max(fewestDead, deadShare * tried) && dead.length < tried) {
    const where = `${formatCount(dead.length)} of ${formatCount(images.length)} images, those in which nothing is found, first ${dead[0]},`;
    const diagnoses = diagnosePart(input, dead, where, fewestOfPart);
    if (diagnoses.length > 0) return diagnoses;
  }
  return diagnoseEvents(input, evidence);
}

/** Share of the faces of the images in which nothing is found that a reading has to find. */
const fewestOfPart = 0.2;

function diagnoseEvents(input: DiagnosisInput, { topHit, topPrecision, recall }: MatchEvidence): Diagnosis[] {
  const events = new Map<string, { images: string[]; right: number }>();
  input.groundTruth.images.forEach((name, image) => {
    if (topHit[image] < 0) return;
    const event = events.get(eventOf(name)) ?? { images: [], right: 0 };
    events.set(eventOf(name), event);
    event.images.push(name);
    event.right += topHit[image];
  });
  if (events.size < 2 || topPrecision < fewestSound) return [];
  return [...events]
    .filter(
      ([, { images, right }]) =>
        images.length >= fewestImages && right < Math.min(mostRight, topPrecision / 2) * images.length,
    )
    .slice(0, mostEvents)
    .flatMap(([event, { images }]) => {
      const where = `the event ${event} (${formatCount(images.length)} images)`;
      return diagnosePart(input, images, where, fewestOfEvent * recall);
    });
}

/** Search the readings of some images alone. */
function diagnosePart(
  input: DiagnosisInput,
  images: readonly string[],
  where: string,
  leastRecall: number,
): Diagnosis[] {
  const kept = new Set(images);
  const { matched: _, ...rest } = input;
  const own = {
    ...rest,
    groundTruth: restrictGroundTruth(input.groundTruth, kept),
    predictions: restrictPredictions(input.predictions, kept),
  };
  // Faces of another size here than elsewhere are no other reading.
  const readings = diagnoseMisread(own, gatherEvidence(own), leastRecall).filter(({ code }) => code !== 'box-size');
  return readings.map((diagnosis) => ({
    ...diagnosis,
    evidence: `in ${where} ${diagnosis.evidence}`,
    fix:
      input.origin === 'detector'
        ? diagnosis.fix
        : `write the predictions of these images again as those of the others; alone they would be read with ${diagnosis.fix}`,
  }));
}
