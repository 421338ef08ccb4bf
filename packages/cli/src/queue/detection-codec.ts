import { readImageFile } from '@retinabench/backends';
import { type ImageOutcome, type ImageTask, parseLogEntry } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import type { AnsweredBy, FleetCodec, ImageAnswer } from '@retinabench/queue';

/** How an image to detect on travels to a worker, and its detections back. */
export const detectionCodec: FleetCodec<ImageTask, ImageOutcome> = {
  imagesOf: ({ image, file, knownSha256 }) => [
    { name: image, file, ...(knownSha256 === undefined ? {} : { knownSha256 }) },
  ],
  resultOf: ({ image }, [{ reading, answer }]: readonly ImageAnswer[], by: AnsweredBy | undefined) => {
    if (answer === undefined) return { image, reading };
    const { sha256, detectedAt, ...detected } = checkedAnswer(answer, image, reading.sha256);
    return { image, reading, detected, ...(by?.differs === undefined ? {} : { madeBy: by.differs }) };
  },
  read: async (file) => {
    const { sha256, stamp } = await readImageFile(file);
    return { sha256, ...(stamp === undefined ? {} : { stamp }) };
  },
};

/** What a worker found in an image, as a log could hold it. @throws {DatasetError} if it is not that. */
function checkedAnswer(answer: unknown, image: string, sha256: string) {
  const place = `what a worker found in ${image}`;
  if (typeof answer !== 'object' || answer === null) {
    throw new DatasetError(`${place}: expected detections, got ${typeof answer}`);
  }
  // The worker says nothing of hash and time: those are the coordinator's.
  const entry = parseLogEntry({ ...answer, sha256, detectedAt: new Date(0).toISOString() }, place);
  if ('forgotten' in entry) throw new DatasetError(`${place}: expected detections, got none`);
  if (entry.image !== image) throw new DatasetError(`${place}: got detections of ${entry.image}`);
  const { detections } = entry;
  // Detectors compute in float32: what does not fit is no coordinate, and would be infinite where it is scored.
  const numbers = [detections, entry.landmarks, entry.points, entry.dense].flatMap((values) => values ?? []);
  const huge = numbers.find((value) => !Number.isFinite(Math.fround(value)));
  if (huge !== undefined) throw new DatasetError(`${place}: expected coordinates in pixels, got ${huge}`);
  for (let at = 4; at < detections.length; at += 5) {
    if (!(detections[at] >= 0 && detections[at] <= 1)) {
      throw new DatasetError(`${place}: expected scores from 0 to 1, got ${detections[at]}`);
    }
  }
  return entry;
}
