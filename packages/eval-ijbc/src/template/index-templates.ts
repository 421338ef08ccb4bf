import type { ImageList } from '../meta/images.js';

/** Which images make up which template. */
export interface TemplateIndex {
  /** Int32Array [templates]: ids, ascending. */
  readonly ids: Int32Array;
  /** Int32Array [images]: index of each image's template in `ids`. */
  readonly ofImage: Int32Array;
  /** Int32Array [images]: the group of each image: images of one media in one template. */
  readonly groupOfImage: Int32Array;
  /** Int32Array [groups]: images of each group; groups ascend by template, then by media id. */
  readonly groupSizes: Int32Array;
  /** Int32Array [templates + 1]: first group of each template. */
  readonly groupStarts: Int32Array;
  /** Index of a template id in `ids`, -1 for an id that no image has. */
  readonly indexOf: (id: number) => number;
}

/** Largest id for which a table is made to look ids up (64 MiB); beyond it ids are found by bisection. */
const maxTableId = 1 << 24;

/**
 * Index the templates of a list of images.
 *
 * Cost: O(images log images) time; a table of 4 bytes for every id up to the largest.
 */
export function indexTemplates({ templateIds, mediaIds }: Pick<ImageList, 'templateIds' | 'mediaIds'>): TemplateIndex {
  const ids = templateIds
    .slice()
    .sort()
    .filter((id, i, sorted) => i === 0 || id !== sorted[i - 1]);
  const indexOf = createLookup(ids);
  const ofImage = templateIds.map(indexOf);

  const keyOf = (image: number): number => ofImage[image] * 2 ** 31 + mediaIds[image];
  const keys = Float64Array.from(ofImage, (_, image) => keyOf(image))
    .sort()
    .filter((key, i, sorted) => i === 0 || key !== sorted[i - 1]);
  const groupOfKey = new Map<number, number>();
  const groupStarts = new Int32Array(ids.length + 1);
  keys.forEach((key, group) => {
    groupOfKey.set(key, group);
    groupStarts[Math.floor(key / 2 ** 31) + 1] = group + 1;
  });
  const groupOfImage = ofImage.map((_, image) => groupOfKey.get(keyOf(image))!);
  const groupSizes = new Int32Array(keys.length);
  for (const group of groupOfImage) groupSizes[group]++;
  return { ids, ofImage, groupOfImage, groupSizes, groupStarts, indexOf };
}

function createLookup(ids: Int32Array): (id: number) => number {
  const largest = ids.at(-1) ?? -1;
  if (largest <= maxTableId) {
    const table = new Int32Array(largest + 1).fill(-1);
    ids.forEach((id, i) => {
      table[id] = i;
    });
    return (id) => (id >= 0 && id <= largest ? table[id] : -1);
  }
  return (id) => {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ids[middle] < id) low = middle + 1;
      else high = middle;
    }
    return ids[low] === id ? low : -1;
  };
}
