import { DatasetError } from '@retinabench/core';
import type { PairList } from '../meta/pairs.js';
import type { TemplateIndex } from './index-templates.js';

/** Pairs as indices into templates. */
export interface PairIndices {
  /** Int32Array [pairs]. */
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/**
 * Replace the template ids of pairs by template indices.
 *
 * @param place the pair file's name, for messages.
 * @throws {DatasetError} with file and line if a pair names a template that has no image.
 * Cost: O(pairs), 8 bytes a pair.
 */
export function resolvePairs(pairs: PairList, index: TemplateIndex, place: string): PairIndices {
  const left = new Int32Array(pairs.count);
  const right = new Int32Array(pairs.count);
  const { indexOf } = index;
  for (let pair = 0; pair < pairs.count; pair++) {
    left[pair] = indexOf(pairs.templateIds1[pair]);
    right[pair] = indexOf(pairs.templateIds2[pair]);
    if (left[pair] < 0 || right[pair] < 0) {
      const id = left[pair] < 0 ? pairs.templateIds1[pair] : pairs.templateIds2[pair];
      throw new DatasetError(
        `${place}:${pair + 1}: expected a template with images, got ${id}, which no line of the image list names; are both files of the same data set?`,
      );
    }
  }
  return { left, right };
}
