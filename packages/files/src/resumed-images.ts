/** Images that an earlier run has done, and when. */
export interface ResumedImages {
  readonly images: number;
  /** ISO-8601, of the first and the last of them. */
  readonly earliest: string;
  readonly latest: string;
}

/** The span of the times (ISO-8601) at which images were done; undefined for none. */
export function resumedImages(times: readonly string[]): ResumedImages | undefined {
  if (times.length === 0) return undefined;
  let [earliest, latest] = [times[0], times[0]];
  for (const time of times) {
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
  }
  return { images: times.length, earliest, latest };
}
