import { closeSync, openSync, writeSync } from 'node:fs';
import type { Annotations, Predictions } from '@retinabench/annotations';
import { seededRandom } from '@retinabench/core';

/** Boxes are moved by up to half of this, pixels. */
const jitterPx = 1;

/**
 * Write a set of annotated images several times over as COCO files, every box moved and every score changed a little, so that
 * no two repetitions are the same.
 *
 * @returns images, faces and detections written.
 */
export function writeRepeatedSet(
  { images, start, boxesXywh }: Annotations,
  predictions: Predictions,
  predictionOf: Int32Array,
  times: number,
  files: { readonly truth: string; readonly predictions: string },
): { readonly images: number; readonly faces: number; readonly detections: number } {
  const random = seededRandom(times);
  const moved = (boxes: Float64Array, at: number): string =>
    [0, 1, 2, 3]
      .map((side) =>
        (side < 2 ? boxes[at + side] + (random() - 0.5) * jitterPx : Math.max(0, boxes[at + side])).toFixed(2),
      )
      .join(',');
  const [truth, results] = [new JsonFile(files.truth), new JsonFile(files.predictions)];
  const count = { images: 0, faces: 0, detections: 0 };
  truth.write('{"images":[');
  for (let time = 0; time < times; time++) {
    images.forEach((name, image) => {
      truth.write(
        `${count.images === 0 ? '' : ','}{"id":${++count.images},"file_name":${JSON.stringify(`${time}/${name}`)},"width":1024,"height":1024}`,
      );
      const source = predictionOf[image];
      if (source < 0) return;
      for (let d = predictions.start[source]; d < predictions.start[source + 1]; d++) {
        const score = Math.min(1, Math.max(0, predictions.scores[d] + (random() - 0.5) * 1e-3)).toFixed(6);
        results.write(
          `${count.detections++ === 0 ? '[' : ','}{"image_id":${count.images},"category_id":1,"bbox":[${moved(predictions.boxesXywh, 4 * d)}],"score":${score}}\n`,
        );
      }
    });
  }
  truth.write('],"annotations":[');
  for (let time = 0; time < times; time++) {
    images.forEach((_, image) => {
      for (let face = start[image]; face < start[image + 1]; face++) {
        const [w, h] = boxesXywh.subarray(4 * face + 2, 4 * face + 4).map((side) => Math.max(0, side));
        const area = (w * h).toFixed(2);
        truth.write(
          `${count.faces++ === 0 ? '' : ','}{"id":${count.faces},"image_id":${time * images.length + image + 1},"category_id":1,"iscrowd":0,"area":${area},"bbox":[${moved(boxesXywh, 4 * face)}]}\n`,
        );
      }
    });
  }
  truth.write('],"categories":[{"id":1,"name":"face"}]}');
  results.write(']');
  truth.close();
  results.close();
  return count;
}

/** A file that is written in blocks. */
class JsonFile {
  readonly #descriptor: number;
  #pending: string[] = [];

  constructor(file: string) {
    this.#descriptor = openSync(file, 'w');
  }

  write(text: string): void {
    this.#pending.push(text);
    if (this.#pending.length < 10_000) return;
    writeSync(this.#descriptor, this.#pending.join(''));
    this.#pending = [];
  }

  close(): void {
    writeSync(this.#descriptor, this.#pending.join(''));
    closeSync(this.#descriptor);
  }
}
