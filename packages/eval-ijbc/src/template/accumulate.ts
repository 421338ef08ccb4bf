import type { TemplateIndex } from './index-templates.js';
import type { Templates } from './templates.js';

/** Takes image features in any order and gives template features. */
export interface TemplateAccumulator {
  /** Add the feature of an image: Float32Array [dimensions]. */
  add(image: number, feature: Float32Array): void;
  /** The templates, once every image has been added. */
  finish(): Templates;
}

/**
 * Accumulate image features into template features: images of one media are averaged, the media of a template are
 * summed in ascending media id, the sum is divided by its length.
 *
 * Averages and sums are float32, the length and the result float64: that is how the public scripts compute, since numpy
 * keeps float32 until the sum is stored. Sums in float64 would move scores by up to 4e-8, enough to swap close pairs.
 *
 * @param dimensions length of an image feature as added.
 * A template whose features sum to zero has a row of zeros, so that its scores are 0, and is listed in `zeroIds`.
 * Cost: O(dimensions) an image; memory for the templates that have some of their images but not all, so that a list
 * sorted by template needs next to nothing.
 */
export function createTemplateAccumulator(index: TemplateIndex, dimensions: number): TemplateAccumulator {
  const { ids, ofImage, groupOfImage, groupSizes, groupStarts } = index;
  const vectors = new Float64Array(ids.length * dimensions);
  const missing = new Int32Array(ids.length);
  for (const template of ofImage) missing[template]++;
  const seen = new Int32Array(groupSizes.length);
  const sums = new Map<number, Float32Array>();
  const spare: Float32Array[] = [];
  const total = new Float32Array(dimensions);
  const zeroIds: number[] = [];

  const finishTemplate = (template: number): void => {
    total.fill(0);
    for (let group = groupStarts[template]; group < groupStarts[template + 1]; group++) {
      const sum = sums.get(group)!;
      const size = groupSizes[group];
      if (size > 1) for (let i = 0; i < dimensions; i++) sum[i] /= size;
      for (let i = 0; i < dimensions; i++) total[i] += sum[i];
      sums.delete(group);
      spare.push(sum);
    }
    let squares = 0;
    for (let i = 0; i < dimensions; i++) squares += total[i] * total[i];
    const length = Math.sqrt(squares);
    if (length === 0) {
      zeroIds.push(ids[template]);
      return;
    }
    const row = vectors.subarray(template * dimensions, (template + 1) * dimensions);
    for (let i = 0; i < dimensions; i++) row[i] = total[i] / length;
  };

  return {
    add: (image, feature) => {
      const group = groupOfImage[image];
      if (seen[group]++ === 0) {
        const sum = spare.pop() ?? new Float32Array(dimensions);
        sum.set(feature);
        sums.set(group, sum);
      } else {
        const sum = sums.get(group)!;
        for (let i = 0; i < dimensions; i++) sum[i] += feature[i];
      }
      if (--missing[ofImage[image]] === 0) finishTemplate(ofImage[image]);
    },
    finish: () => ({ count: ids.length, dimensions, ids, vectors, zeroIds: zeroIds.sort((a, b) => a - b) }),
  };
}
