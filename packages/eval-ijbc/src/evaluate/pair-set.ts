import { DatasetError, ProtocolError } from '@retinabench/core';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { diagnoseImages } from '../diagnosis/images.js';
import { diagnosePairs } from '../diagnosis/pairs.js';
import type { MetaFiles } from '../meta/find.js';
import { type ImageList, readImages } from '../meta/images.js';
import { readPairs } from '../meta/pairs.js';
import { indexTemplates, type TemplateIndex } from '../template/index-templates.js';
import type { PairIndices } from '../template/resolve-pairs.js';
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
  /** Names of all images that the list has, those beyond a limit too. */
  readonly listedNames: readonly string[];
  readonly index: TemplateIndex;
  readonly pairs: PairIndices;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  readonly subjects: Subjects;
  /** What is wrong with the lists, whole as they are in their files. */
  readonly diagnoses: readonly Diagnosis[];
}

/** What of a 1:1 protocol is loaded. */
export interface PairSetOptions {
  /**
   * The first images of the list alone, as features of a limited extraction have them. Of the pair list, the pairs of
   * templates all of whose images are among them.
   */
  readonly limit?: number | undefined;
  /** Called now and then with the bytes of the pair list read so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Images that `all-images` takes at most: 50 million pairs. */
const maxPairedImages = 10_000;

/**
 * Load the images, templates and pairs of a 1:1 protocol.
 *
 * @throws {DatasetError} as the readers, if there is no pair list, or if the limit leaves no pair.
 * @throws {ProtocolError} if `all-images` is asked of too many images.
 */
export async function loadPairSet(
  meta: MetaFiles,
  pairing: Pairing,
  { limit, onBytes }: PairSetOptions = {},
): Promise<PairSet> {
  if (meta.pairs === undefined) {
    throw new DatasetError(
      `${meta.prefix}: expected ${meta.prefix}_template_pair_label.txt beside ${meta.images}, got none; verification needs pairs`,
    );
  }
  const listed = await readImages(meta.images);
  const images = limit === undefined ? listed : firstImages(listed, limit);
  if (pairing === 'all-images' && images.names.length > maxPairedImages) {
    throw new ProtocolError(
      `pairs all-images: expected at most ${maxPairedImages} images, got ${images.names.length}; use pairs file`,
    );
  }
  const list = await readPairs(meta.pairs, onBytes);
  const index = indexTemplates(listed);
  const pairs = resolvePairs(list, index, meta.pairs);
  const subjects = subjectsOfPairs(index.ids.length, pairs, list.labels);
  const diagnoses = [
    ...diagnoseImages(listed, meta.images),
    ...diagnosePairs({ place: meta.pairs, pairs, labels: list.labels, subjects, ids: index.ids }),
  ];
  const whole: PairSet = {
    images: listed,
    listedNames: listed.names,
    index,
    pairs,
    labels: list.labels,
    subjects,
    diagnoses,
  };
  if (pairing === 'all-images') return pairAllImages(whole, images);
  return images.names.length === listed.names.length ? whole : pairsWithin(whole, images, meta.pairs);
}

function firstImages(list: ImageList, limit: number): ImageList {
  return {
    names: list.names.slice(0, limit),
    templateIds: list.templateIds.slice(0, limit),
    mediaIds: list.mediaIds.slice(0, limit),
  };
}

/** The pairs of the list whose templates lie wholly within the first images. */
function pairsWithin(
  { listedNames, index, pairs, labels, diagnoses }: PairSet,
  images: ImageList,
  place: string,
): PairSet {
  const count = images.names.length;
  const cut = new Set(index.ofImage.subarray(count));
  const keep = Array.from(labels.keys()).filter((pair) => !cut.has(pairs.left[pair]) && !cut.has(pairs.right[pair]));
  if (keep.length === 0) {
    throw new DatasetError(
      `${place}: expected a pair of templates within the first ${count} images, got none; raise the limit, or compare all images`,
    );
  }
  const own = indexTemplates(images);
  const moved = (side: Int32Array): Int32Array => Int32Array.from(keep, (pair) => own.indexOf(index.ids[side[pair]]));
  const kept = { left: moved(pairs.left), right: moved(pairs.right) };
  const keptLabels = Uint8Array.from(keep, (pair) => labels[pair]);
  const subjects = subjectsOfPairs(own.ids.length, kept, keptLabels);
  return { images, listedNames, index: own, pairs: kept, labels: keptLabels, subjects, diagnoses };
}

function pairAllImages({ listedNames, index, subjects, diagnoses }: PairSet, images: ImageList): PairSet {
  const count = images.names.length;
  const ids = Int32Array.from({ length: count }, (_, image) => image);
  const subjectOf = index.ofImage.map((template) => subjects.ofTemplate[template]);
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
    listedNames,
    index: own,
    pairs: { left, right },
    labels,
    subjects: subjectsOfPairs(count, { left, right }, labels),
    diagnoses,
  };
}
