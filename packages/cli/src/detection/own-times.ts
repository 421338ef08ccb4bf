import type { DetectedImages } from '@retinabench/backends/runs';
import { type LoadOfOthers, type ResultRecord, summariseLatency } from '@retinabench/results';

/** Fields of a record for the times of its own detections. */
export type OwnTimes = Pick<ResultRecord, 'latencyMs' | 'detectTiming' | 'loadOfOthers'>;

/** Share of the processors that others may take of a run; more disturbs its times. */
const limit = 0.1;

/**
 * What a run of a detector says of its own speed: the time of the detector on each decoded image, in its worker, among
 * all workers at once. Images that a queue detected have none.
 *
 * @param workers worker processes of this run.
 * @param othersShare what others took of the processors during this run, 0..1; undefined: unknown.
 * @returns no field where no image has a time.
 */
export function ownTimes(
  { detected, resumed }: Pick<DetectedImages, 'detected' | 'resumed'>,
  workers: number,
  othersShare: number | undefined,
): OwnTimes {
  const times = detected.flatMap(({ detectMs }) => (detectMs === undefined ? [] : [detectMs]));
  if (times.length === 0) return {};
  const earlier = Math.min(resumed?.images ?? 0, times.length);
  const load: LoadOfOthers | undefined =
    othersShare === undefined || earlier === times.length
      ? undefined
      : { shares: [othersShare], limit, disturbed: othersShare > limit ? 1 : 0 };
  return {
    latencyMs: { detect: summariseLatency(times) },
    detectTiming: { workers, images: times.length, ...(earlier === 0 ? {} : { earlier }) },
    ...(load === undefined ? {} : { loadOfOthers: load }),
  };
}

/** The times in words, with what makes them no bench; none without times. */
export function ownTimesNotes({ latencyMs, detectTiming, loadOfOthers }: OwnTimes): string[] {
  const times = latencyMs?.detect;
  if (times === undefined || detectTiming === undefined) return [];
  const { workers, earlier } = detectTiming;
  const [share] = loadOfOthers?.shares ?? [];
  const parts = [
    workers === 1 ? 'with one worker' : `with all ${workers} workers at once`,
    ...(share === undefined ? [] : [`while other programs took ${(share * 100).toFixed(0)} % of the processors`]),
    ...(earlier === undefined ? [] : [`${earlier} of ${detectTiming.images} images by an earlier run`]),
  ];
  return [
    `detector on a decoded image, ${parts.join(', ')}: median ${times.median.toFixed(1)} ms, 95 % within ${times.p95.toFixed(1)} ms; retinabench bench measures it alone`,
  ];
}
