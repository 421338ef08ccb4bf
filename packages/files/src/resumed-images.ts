/** Images that an earlier run has done, and when. */
export interface ResumedImages {
  readonly images: number;
  /** ISO-8601, of the first and the last of them. */
  readonly earliest: string;
  readonly latest: string;
}

/** The span of the times (ISO-8601) at which images were done; undefined for none. */
export function resumedImages(times: Iterable<string>): ResumedImages | undefined {
  let images = 0;
  let [earliest, latest] = ['', ''];
  for (const time of times) {
    if (images === 0 || time < earliest) earliest = time;
    if (images === 0 || time > latest) latest = time;
    images++;
  }
  return images === 0 ? undefined : { images, earliest, latest };
}
