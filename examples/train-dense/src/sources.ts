import { readdirSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import type { View } from './image-samples.js';

/** One view of one photograph. */
export interface Source extends View {
  readonly file: string;
}

/** The photographs that a head is trained on, and those on which it is measured; no person or photograph is in both. */
export type Part = 'train' | 'lfw' | 'quarter';

/** Of the people of LFW, in the order of their names, every fourth takes no part in training. */
const heldOutPeople = 4;

/** Height of most faces in LFW's photographs of 250 px. */
const lfwFacePx = 105;

/**
 * The photographs of a part, each with the views that are taken of it.
 *
 * @param shared the shared data folder.
 * @param seed   of scales and mirroring.
 */
export function sourcesOf(part: Part, shared: string, seed: number): Source[] {
  const random = seededRandom(seed);
  const lfw = filesUnder(path.join(shared, 'datasets/lfw/images'));
  const people = [...new Set(lfw.map((file) => path.dirname(file)))];
  const heldOut = new Set(people.filter((_, index) => index % heldOutPeople === heldOutPeople - 1));
  switch (part) {
    case 'train': {
      const faces = lfw.filter((file) => !heldOut.has(path.dirname(file)));
      // Four views of a portrait, so that its face has 36 to 600 px: every size of anchor learns.
      const portraits = [0, 1, 2, 3].flatMap((view) =>
        faces.map((file) => ({
          file,
          scale: (36 * (600 / 36) ** random()) / lfwFacePx,
          mirror: view % 2 === 1,
        })),
      );
      const crowds = filesUnder(path.join(shared, 'datasets/wider-train/images')).flatMap((file) => [
        { file, scale: 1, mirror: false },
        { file, scale: 0.5 * 4 ** random(), mirror: true },
      ]);
      return shuffled([...portraits, ...crowds], random);
    }
    case 'lfw':
      return lfw
        .filter((file) => heldOut.has(path.dirname(file)))
        .map((file) => ({ file, scale: (36 * (600 / 36) ** random()) / lfwFacePx, mirror: false }));
    case 'quarter':
      return shuffled(
        filesUnder(path.join(shared, 'datasets/wider/WIDER_val/images')).map((file) => ({
          file,
          scale: 1,
          mirror: false,
        })),
        random,
      );
  }
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpg|jpeg|png|webp)$/i.test(name))
    .sort()
    .map((name) => path.join(root, name));
}

function shuffled<T>(list: T[], random: () => number): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}
