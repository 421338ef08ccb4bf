import { DatasetError, ProtocolError } from '@retinabench/core';
import type { MetaFiles } from '../meta/find.js';
import { type ImageList, readImages } from '../meta/images.js';
import { readPairs } from '../meta/pairs.js';
import type { PairIndices } from '../score/score-pairs.js';
import { indexTemplates, type TemplateIndex } from '../template/index-templates.js';
import { resolvePairs } from '../template/resolve-pairs.js';
import { type Subjects, subjectsOfPairs } from '../verify/subjects.js';

/**
 * Which pairs are compared. `file`: those of the pair list. `all-images`: every image is a template of its own and all
 * pairs of images are compared; images show one subject if the pair list says so of their templates.
 */
export type Pairing = 'file' | 'all-images';

/** Everything of a 1:1 protocol but the features. */
export interface PairSet {
  readonly images: ImageList;
  readonly index: TemplateIndex;
  readonly pairs: PairIndices;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  readonly subjects: Subjects;
}

/** Images that `all-images` takes at most: 50 million pairs. */
const maxPairedImages = 10_000;

/**
 * Load the images, templates and pairs of a 1:1 protocol.
 *
 * @param onBytes called now and then with the bytes of the pair list read so far.
 * @throws {DatasetError} as the readers, or if there is no pair list.
 * @throws {ProtocolError} if `all-images` is asked of too many images.
 */
export async function loadPairSet(
  meta: MetaFiles,
  pairing: Pairing,
  onBytes?: (bytes: number) => void,
): Promise<PairSet> {
  if (meta.pairs === undefined) {
    throw new DatasetError(
      `${meta.prefix}: expected ${meta.prefix}_template_pair_label.txt beside ${meta.images}, got none; verification needs pairs`,
    );
  }
  const images = await readImages(meta.images);
  if (pairing === 'all-images' && images.names.length > maxPairedImages) {
    throw new ProtocolError(
      `pairs all-images: expected at most ${maxPairedImages} images, got ${images.names.length}; use pairs file`,
    );
  }
  const list = await readPairs(meta.pairs, onBytes);
  const index = indexTemplates(images);
  const pairs = resolvePairs(list, index, meta.pairs);
  const subjects = subjectsOfPairs(index.ids.length, pairs, list.labels);
  if (pairing === 'file') return { images, index, pairs, labels: list.labels, subjects };
  return pairAllImages(images, subjects.ofTemplate, index);
}

function pairAllImages(images: ImageList, subjectOfTemplate: Int32Array, index: TemplateIndex): PairSet {
  const count = images.names.length;
  const ids = Int32Array.from({ length: count }, (_, image) => image);
  const subjectOf = index.ofImage.map((template) => subjectOfTemplate[template]);
  const pairCount = (count * (count - 1)) / 2;
  const left = new Int32Array(pairCount);
  const right = new Int32Array(pairCount);
  const labels = new Uint8Array(pairCount);
  let pair = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++, pair++) {
      left[pair] = a;
      right[pair] = b;
      labels[pair] = subjectOf[a] === subjectOf[b] ? 1 : 0;
    }
  }
  const own = indexTemplates({ templateIds: ids, mediaIds: ids });
  return {
    images,
    index: own,
    pairs: { left, right },
    labels,
    subjects: subjectsOfPairs(count, { left, right }, labels),
  };
}
