import path from 'node:path';
import { decodeImage } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { loadGroundTruth, type WiderGroundTruth } from '@retinabench/eval-wider';
import type { AnnotatedPhotograph } from './crop.js';

/** A data set of photographs, each decoded when it is asked for. */
export interface Photographs {
  readonly count: number;
  load(index: number): Promise<AnnotatedPhotograph>;
}

/**
 * The photographs with faces of a data set in WIDER FACE's layout.
 *
 * @param root   its root; undefined for the embedded set, whose faces have landmarks.
 * @param gt     its ground truth in any form that the evaluator reads, `label.txt` with landmarks included; undefined for
 *               `ground_truth` below the root.
 * @param chosen whether an image takes part.
 * @throws {DatasetError} if none has a face.
 */
export async function openPhotographs(
  root: string | undefined,
  gt: string | undefined,
  chosen: (name: string) => boolean = () => true,
): Promise<Photographs> {
  const dataset = await resolveDataset(root);
  const groundTruth = loadGroundTruth(gt ?? path.join(dataset.root, 'ground_truth'));
  const indices = new Map(groundTruth.images.map((name, index) => [name, index]));
  const images = (await listWiderImages(dataset.root)).flatMap(({ event, image, file }) => {
    const index = indices.get(`${event}/${image}`);
    if (index === undefined || !chosen(`${event}/${image}`)) return [];
    return groundTruth.start[index + 1] > groundTruth.start[index] ? [{ index, file }] : [];
  });
  if (images.length === 0) {
    throw new DatasetError(
      `${dataset.root}: expected images with annotated faces, got none; choose their ground truth with --gt`,
    );
  }
  return {
    count: images.length,
    async load(at) {
      const { index, file } = images[at];
      return { image: await decodeImage(file, file), faces: facesOf(groundTruth, index) };
    },
  };
}

/** Faces without the label `invalid`, as corners. */
function facesOf(
  { start, boxesXywh, landmarks, labels }: WiderGroundTruth,
  image: number,
): AnnotatedPhotograph['faces'] {
  const faces = Array.from({ length: start[image + 1] - start[image] }, (_, face) => start[image] + face).filter(
    (row) => labels.invalid[row] === 0,
  );
  const corners = faces.flatMap((row) => {
    const [x, y, w, h] = boxesXywh.subarray(row * 4, row * 4 + 4);
    return [x, y, x + w, y + h];
  });
  const points = new Float64Array(10 * faces.length).fill(-1);
  faces.forEach((row, face) => {
    points.set(landmarks.subarray(row * 10, row * 10 + 10), 10 * face);
  });
  return { boxesXyxy: Float64Array.from(corners), landmarks: points };
}
