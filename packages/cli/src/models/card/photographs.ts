import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DraftImage, decodeImage } from '@retinabench/backends';
import { ensureMini, type WiderTruth } from '@retinabench/datasets';

/**
 * Photographs of the embedded data set on which readings of a network are tried, the most telling first: large faces, groups,
 * small faces.
 */
const names = [
  '0--Portrait/0_Portrait_mini_04',
  '1--Group/1_Group_mini_05',
  '1--Group/1_Group_mini_02',
  '0--Portrait/0_Portrait_mini_08',
  '0--Portrait/0_Portrait_mini_02',
  '1--Group/1_Group_mini_10',
  '1--Group/1_Group_mini_17',
  '2--Crowd/2_Crowd_mini_11',
];

/**
 * The annotated photographs that come with the program.
 *
 * @throws {EnvironmentError} if they cannot be made.
 */
export async function draftPhotographs(): Promise<DraftImage[]> {
  const root = await ensureMini();
  const text = await readFile(path.join(root, 'ground_truth', 'wider_face_val.json'), 'utf8');
  const { images } = JSON.parse(text) as WiderTruth;
  return Promise.all(
    names.map(async (name) => {
      const faces = images.find((image) => image.name === name)?.faces ?? [];
      const file = path.join(root, 'WIDER_val', 'images', `${name}.jpg`);
      return {
        image: await decodeImage(file, name),
        boxesXyxy: Float32Array.from(faces.flatMap(({ box: [x, y, width, height] }) => [x, y, x + width, y + height])),
        landmarks: faces.map(({ landmarks }) => landmarks && Float32Array.from(landmarks.flat())),
      };
    }),
  );
}
