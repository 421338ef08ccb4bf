import { formatCount, formatShare } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { asGiven } from './search/box-reading.js';
import { isConvincing } from './search/is-convincing.js';
import { type SampleImage, sampleImages } from './search/sample.js';
import { layOut, scoreReading } from './search/score-reading.js';

/** What was exchanged when boxes were written in parts of the image, and brought to pixels as if it was not. */
const exchanges = [
  { centre: false, sides: true, what: 'width and height exchanged (cx cy h w)' },
  { centre: true, sides: false, what: 'the x and y of the centre exchanged (cy cx w h)' },
  { centre: true, sides: true, what: 'x and y exchanged (cy cx h w)' },
] as const;

/**
 * Whether boxes were in parts of the image, as YOLO writes them, with numbers exchanged: brought to pixels, each number then has
 * the side of the other axis in it, which no exchange of pixels undoes.
 *
 * Cost: an IoU for each detection and face of a sample, three times; images need a size.
 */
export function diagnoseExchangedShares(input: DiagnosisInput): Diagnosis[] {
  const sample = sampleImages(input).filter(({ size }) => size !== undefined);
  if (sample.length === 0) return [];
  const scored = (images: readonly SampleImage[]) => ({
    reading: asGiven,
    score: scoreReading(images, layOut(images, 'xywh'), asGiven),
  });
  const given = scored(sample);
  const tried = exchanges.map((exchange) => {
    const undone = sample.map((image) => undo(image, exchange));
    return { ...exchange, undone, best: scored(undone) };
  });
  const { undone, best, what } = tried.reduce((a, b) => (b.best.score.overlap > a.best.score.overlap ? b : a));
  if (!isConvincing(undone, best, given)) return [];
  const share = (found: number): string => formatShare(found / Math.max(best.score.faces, 1));
  return [
    {
      code: 'exchanged-axes',
      level: 'error',
      evidence: `the boxes were written in parts of the image with ${what}: so read, the detections find ${share(best.score.found)} of the faces instead of ${share(given.score.found)}, on ${formatCount(sample.length)} images`,
      effect: 'AP is that of boxes of another place or shape, and says nothing of the detector',
      fix:
        input.origin === 'detector'
          ? 'correct what the card of the model says of its boxes: centre, width and height in the order cx cy w h'
          : 'write the numbers of each box in the order cx cy w h, x and width in parts of the width of the image, y and height in parts of its height',
    },
  ];
}

function undo(
  image: SampleImage,
  { centre, sides }: { readonly centre: boolean; readonly sides: boolean },
): SampleImage {
  const { widthPx, heightPx } = image.size ?? { widthPx: 1, heightPx: 1 };
  const aspect = widthPx / heightPx;
  const boxes = new Float64Array(image.boxes.length);
  for (let at = 0; at < boxes.length; at += 4) {
    const [x, y, w, h] = image.boxes.subarray(at, at + 4);
    const [cx, cy] = centre ? [(y + h / 2) * aspect, (x + w / 2) / aspect] : [x + w / 2, y + h / 2];
    const [width, height] = sides ? [h * aspect, w / aspect] : [w, h];
    boxes.set([cx - width / 2, cy - height / 2, width, height], at);
  }
  return { ...image, boxes };
}
