import { type BreakdownBin, detectionOutcome, interpolatedAp } from '@retinabench/results';

/** More folders than this are not taken as classes. */
const mostFolders = 100;

/**
 * AP and recall of the images of each folder alone.
 *
 * @param images   paths.
 * @param outcomes Uint8Array [detections] by rank, of `detectionOutcome`.
 * @param imageOf  Int32Array [detections] by rank.
 * @param facesOf  Int32Array [images]: counted faces.
 * @returns undefined if all lie in one folder, or in more than a hundred.
 * Cost: O(images + detections).
 */
export function breakDownByFolder(
  images: readonly string[],
  outcomes: Uint8Array,
  imageOf: Int32Array,
  facesOf: Int32Array,
): Record<string, BreakdownBin> | undefined {
  const folders = images.map((image) => image.slice(0, Math.max(image.lastIndexOf('/'), 0)));
  const names = [...new Set(folders)].sort();
  if (names.length < 2 || names.length > mostFolders) return undefined;
  const places = new Map(names.map((name, index) => [name, index]));
  const folderOf = Int32Array.from(folders, (folder) => places.get(folder) ?? 0);
  const counts = new Int32Array(names.length);
  for (const image of imageOf) counts[folderOf[image]]++;
  const lists = names.map((_, folder) => new Uint8Array(counts[folder]));
  counts.fill(0);
  const [faces, found] = [new Int32Array(names.length), new Int32Array(names.length)];
  for (let image = 0; image < images.length; image++) faces[folderOf[image]] += facesOf[image];
  for (let rank = 0; rank < outcomes.length; rank++) {
    const folder = folderOf[imageOf[rank]];
    lists[folder][counts[folder]++] = outcomes[rank];
    if (outcomes[rank] === detectionOutcome.truePositive) found[folder]++;
  }
  const bins: Record<string, BreakdownBin> = {};
  for (const [folder, name] of names.entries()) {
    if (faces[folder] === 0) continue;
    bins[name === '' ? '.' : name] = {
      faces: faces[folder],
      ap: interpolatedAp(lists[folder], faces[folder]),
      recall: found[folder] / faces[folder],
    };
  }
  return bins;
}
