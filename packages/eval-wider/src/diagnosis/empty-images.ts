import { formatCount, formatShare } from '@retinabench/results';
import { eventOf } from '../ground-truth/ground-truth.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';
import type { MatchEvidence } from './evidence.js';
import { scoreEnds } from './scores.js';

/** Images without detections from which on it is said, and their share. */
const fewestEmpty = 5;
const emptyShare = 0.1;

/** Images of an event that is empty as a whole. */
const fewestOfEvent = 4;

/** A detector that reports such low scores as others, and so many detections, leaves no fifth of the images empty. */
const errorShare = 0.2;
const lowFloor = 0.1;
const usualCount = 3;

/** Whether images with faces that count in `easy` are without detections: many of them, or whole events. */
export function diagnoseEmptyImages(
  { groundTruth, predictions, origin, words = widerWords }: DiagnosisInput,
  evidence: MatchEvidence,
): Diagnosis[] {
  const { detections, topPrecision } = evidence;
  const counts: number[] = [];
  let withFaces = 0;
  const empty: string[] = [];
  const events = new Map<string, { images: number; empty: number }>();
  let all = 0;
  groundTruth.images.forEach((name, image) => {
    if (detections.start[image + 1] === detections.start[image]) all++;
    const counted = groundTruth.counted.easy.subarray(groundTruth.start[image], groundTruth.start[image + 1]);
    if (!counted.includes(1)) return;
    withFaces++;
    const event = events.get(eventOf(name)) ?? { images: 0, empty: 0 };
    events.set(eventOf(name), event);
    event.images++;
    const count = detections.start[image + 1] - detections.start[image];
    if (count > 0) {
      counts.push(count);
      return;
    }
    event.empty++;
    empty.push(name);
  });
  const share = empty.length / Math.max(withFaces, 1);
  const emptyEvents = [...events].filter(([, { images, empty: own }]) => own === images && images >= fewestOfEvent);
  if (empty.length < fewestEmpty || counts.length === 0) return [];
  if (share < emptyShare && emptyEvents.length === 0) return [];
  counts.sort((a, b) => a - b);
  const { min } = scoreEnds(predictions.scores);
  const reportsLow = min <= lowFloor && counts[Math.floor(counts.length / 2)] >= usualCount && topPrecision >= 0.5;
  const names = emptyEvents.slice(0, 5).map(([event]) => event);
  const evented =
    names.length === 0
      ? ''
      : `, among them all of ${names.join(', ')}${emptyEvents.length > names.length ? ` and ${emptyEvents.length - names.length} events more` : ''}`;
  // Every second file is left empty by no detector; a whole event neither.
  const impossible = reportsLow && (share >= errorShare || emptyEvents.length > 0);
  return [
    {
      code: 'images-empty',
      level: impossible ? 'error' : 'warning',
      evidence: `${formatCount(all)} of ${formatCount(groundTruth.images.length)} annotated images have no detections, ${formatCount(empty.length)} of the ${formatCount(withFaces)} with large faces (${formatShare(share)})${evented}, first ${empty[0]}${reportsLow ? `; the others have ${counts[Math.floor(counts.length / 2)]} (median), down to a score of ${min.toFixed(2)}` : ''}`,
      effect: 'all their faces count as missed',
      fix:
        origin === 'detector'
          ? 'look at some of these images: are they what the model was made for, and what the annotation says?'
          : `write the detections of these images: did the run stop early, or did images fail to load? ${words.leaveOut}`,
    },
  ];
}
