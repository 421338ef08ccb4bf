import type { RgbImage } from '@retinabench/backends';
import { cutCrop, faceCrop, resizeBilinear, toCrop } from '@retinabench/core';
import { colourInputs, type FeatureNetwork } from './feature-network.js';
import { type PositiveRule, positiveAnchors } from './positive-anchors.js';
import { cropPx, emptySamples, type Samples } from './samples.js';

/** How an image is shown to the network. */
export interface View {
  /** Input pixels a pixel of the image. */
  readonly scale: number;
  readonly mirror: boolean;
}

/** Least and most of a side of the network's input, in pixels. */
const [leastSide, mostSide] = [64, 1600];

/**
 * The samples of one image. Crops are cut from the image itself, not from its resized view: equation 3 compares with all
 * that is known of the face.
 */
export async function imageSamples(
  network: FeatureNetwork,
  image: RgbImage,
  view: View,
  rule: PositiveRule,
  random: () => number,
): Promise<Samples> {
  const shown = view.mirror ? mirrored(image) : image;
  const longest = Math.max(image.widthPx, image.heightPx);
  const scale = Math.min(mostSide / longest, Math.max(leastSide / longest, view.scale));
  const input = resized(shown, scale);
  const features = await network.read(input);
  const found = positiveAnchors(features, rule, random);
  const samples = emptySamples(found.length, network.channels + colourInputs);
  let row = 0;
  for (const { anchor, best } of found) {
    const box = features.boxesXyxy.subarray(anchor * 4, anchor * 4 + 4).map((value) => value / scale);
    const points = features.landmarks.subarray(anchor * 10, anchor * 10 + 10).map((value) => value / scale);
    const whole = features.boxesXyxy.subarray(best * 4, best * 4 + 4);
    const frame = faceCrop(box, points);
    const { inputs } = samples;
    features.featuresOf(anchor, samples.features.subarray(row * inputs, (row + 1) * inputs));
    samples.heads[row] = features.headOf(anchor);
    for (let k = 0; k < 5; k++) {
      const [x, y] = [features.landmarks[best * 10 + k * 2] / scale, features.landmarks[best * 10 + k * 2 + 1] / scale];
      samples.landmarks.set(toCrop(frame, x, y, 1), row * 10 + k * 2);
    }
    const [width, height] = [whole[2] - whole[0], whole[3] - whole[1]];
    samples.sizes.set([width / scale / frame.sidePx, height / scale / frame.sidePx, height], row * 3);
    samples.best[row] = anchor === best ? 1 : 0;
    const crop = cutCrop(shown, frame, cropPx);
    const to = samples.crops.subarray(row * crop.length, (row + 1) * crop.length);
    for (let at = 0; at < crop.length; at++) to[at] = Math.round(255 * crop[at]);
    row++;
  }
  return samples;
}

function resized(image: RgbImage, scale: number): RgbImage {
  const [widthPx, heightPx] = [Math.round(image.widthPx * scale), Math.round(image.heightPx * scale)];
  const geometry = { sourceWidthPx: image.widthPx, sourceHeightPx: image.heightPx, widthPx, heightPx };
  return { widthPx, heightPx, data: resizeBilinear(image.data, geometry, new Uint8Array(widthPx * heightPx * 3)) };
}

function mirrored({ widthPx, heightPx, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const from = (row * widthPx + widthPx - 1 - column) * 3;
      out.set(data.subarray(from, from + 3), (row * widthPx + column) * 3);
    }
  }
  return { widthPx, heightPx, data: out };
}
