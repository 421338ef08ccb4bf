import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { seededRandom } from '@retinabench/core';
import { encodeNpyHeader } from '@retinabench/files';

/** Sizes of a synthetic data set. */
export interface SyntheticSize {
  readonly images: number;
  readonly galleryTemplates: number;
  readonly probeTemplates: number;
  readonly genuinePairs: number;
  readonly impostorPairs: number;
  readonly dimensions: number;
}

/** IJB-C: 469,375 images, 23,124 templates, 15,658,489 pairs. */
export const ijbcSize: SyntheticSize = {
  images: 469_375,
  galleryTemplates: 3531,
  probeTemplates: 19_593,
  genuinePairs: 19_557,
  impostorPairs: 15_638_932,
  dimensions: 512,
};

/**
 * Write a seeded synthetic data set in the file formats of IJB-C: metadata, features and features of mirrored images.
 * Every subject has one gallery template; features are the subject's centre plus noise, with varying magnitude. Images
 * are sorted by template, as in the real list; pairs are in random order.
 */
export async function generate(folder: string, size: SyntheticSize, seed: number): Promise<void> {
  await mkdir(path.join(folder, 'meta'), { recursive: true });
  const random = seededRandom(seed);
  const templates = size.galleryTemplates + size.probeTemplates;
  const subjectOf = Int32Array.from({ length: templates }, (_, t) =>
    t < size.galleryTemplates ? t : Math.floor(random() * size.galleryTemplates),
  );
  // Template ids are not contiguous in the real files either.
  const idOf = (template: number): number => 1 + template * 7;
  const imagesOf = countImages(templates, size.images, random);

  await writeLists(folder, imagesOf, idOf, random);
  await writePairs(folder, size, subjectOf, idOf, random);
  await writeFeatures(folder, size, imagesOf, subjectOf, random);
}

/** At least one image for each template, the rest at random. */
function countImages(templates: number, images: number, random: () => number): Int32Array {
  const counts = new Int32Array(templates).fill(1);
  for (let image = templates; image < images; image++) counts[Math.floor(random() ** 2 * templates)]++;
  return counts;
}

async function writeLists(
  folder: string,
  imagesOf: Int32Array,
  idOf: (template: number) => number,
  random: () => number,
): Promise<void> {
  const list: string[] = [];
  const points: string[] = [];
  imagesOf.forEach((images, template) => {
    for (let image = 0; image < images; image++) {
      const name = `${list.length + 1}.jpg`;
      list.push(`${name} ${idOf(template)} ${template * 50 + Math.floor(random() * Math.ceil(images / 3))}\n`);
      points.push(
        `${name} 46.060 62.026 87.785 60.323 68.851 77.656 52.162 99.875 86.450 98.648 ${(0.5 + random() / 2).toFixed(3)}\n`,
      );
    }
  });
  await writeChunks(path.join(folder, 'meta/ijbc_face_tid_mid.txt'), [Buffer.from(list.join(''))]);
  await writeChunks(path.join(folder, 'meta/ijbc_name_5pts_score.txt'), [Buffer.from(points.join(''))]);
}

async function writePairs(
  folder: string,
  size: SyntheticSize,
  subjectOf: Int32Array,
  idOf: (template: number) => number,
  random: () => number,
): Promise<void> {
  const { galleryTemplates, probeTemplates, genuinePairs, impostorPairs } = size;
  const count = genuinePairs + impostorPairs;
  // gallery * probeTemplates + probe, below 2^31.
  const pairs = new Int32Array(count);
  for (let i = 0; i < genuinePairs; i++) pairs[i] = subjectOf[galleryTemplates + i] * probeTemplates + i;
  const perGallery = Math.ceil(impostorPairs / galleryTemplates);
  let at = genuinePairs;
  for (let gallery = 0; gallery < galleryTemplates; gallery++) {
    let probe = Math.floor(random() * probeTemplates);
    for (let i = 0; i < perGallery && at < count; ) {
      probe = (probe + 1 + Math.floor(random() * 7)) % probeTemplates;
      if (subjectOf[galleryTemplates + probe] === gallery) continue;
      pairs[at++] = gallery * probeTemplates + probe;
      i++;
    }
  }
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [pairs[i], pairs[j]] = [pairs[j], pairs[i]];
  }
  const chunks = (function* () {
    for (let start = 0; start < count; start += 1 << 16) {
      let text = '';
      for (const pair of pairs.subarray(start, start + (1 << 16))) {
        const gallery = Math.floor(pair / probeTemplates);
        const probe = galleryTemplates + (pair % probeTemplates);
        text += `${idOf(gallery)} ${idOf(probe)} ${subjectOf[probe] === gallery ? 1 : 0}\n`;
      }
      yield Buffer.from(text);
    }
  })();
  await writeChunks(path.join(folder, 'meta/ijbc_template_pair_label.txt'), chunks);
}

async function writeFeatures(
  folder: string,
  { images, dimensions, galleryTemplates }: SyntheticSize,
  imagesOf: Int32Array,
  subjectOf: Int32Array,
  random: () => number,
): Promise<void> {
  const centres = Float32Array.from({ length: galleryTemplates * dimensions }, () => random() - 0.5);
  const noise = Float32Array.from({ length: 1 << 20 }, () => (random() + random() + random() - 1.5) * 10);
  for (const name of ['features.npy', 'features-flip.npy']) {
    const chunks = (function* () {
      yield Buffer.from(encodeNpyHeader('<f4', [images, dimensions]));
      for (let template = 0; template < imagesOf.length; template++) {
        const rows = new Float32Array(imagesOf[template] * dimensions);
        const centre = subjectOf[template] * dimensions;
        for (let row = 0; row < imagesOf[template]; row++) {
          const magnitude = 10 + 15 * random();
          const from = Math.floor(random() * (noise.length - dimensions));
          for (let i = 0; i < dimensions; i++) {
            rows[row * dimensions + i] = magnitude * (centres[centre + i] + noise[from + i]);
          }
        }
        yield Buffer.from(rows.buffer);
      }
    })();
    await writeChunks(path.join(folder, name), chunks);
  }
}

async function writeChunks(file: string, chunks: Iterable<Buffer>): Promise<void> {
  const stream = createWriteStream(file);
  for (const chunk of chunks) {
    if (!stream.write(chunk)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
}
