import { expect, test } from 'vitest';
import { FaceDetector } from '../../src/detector/face-detector.js';
import { resolveProtocol } from '../../src/detector/protocol.js';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession, tensor } from '../fixtures/fixed-session.js';

/** Anchors of `mnet025` on 640 x 480, of which `faces` score above the floor. */
function outputs(faces: number) {
  const count = 12_600;
  const scores = new Array(count * 2).fill(0);
  for (let face = 0; face < faces; face++) scores[face * 40 + 1] = 0.9;
  return {
    scores: tensor(scores, [1, count, 2]),
    boxes: tensor(new Array(count * 4).fill(0), [1, count, 4]),
    landmarks: tensor(new Array(count * 10).fill(0), [1, count, 10]),
  };
}

test.each(['original', 'long:512'])(
  'a stream of images of one size allocates no arrays but its results (%s)',
  async (scale) => {
    const card = cardOf(
      {
        kind: 'retinaface',
        outputs: { scores: 'scores', boxes: 'boxes', landmarks: 'landmarks' },
        anchors: 'mnet025',
        variances: [0.1, 0.2],
        softmaxApplied: true,
      },
      {},
      true,
    );
    const fixed = scale === 'original' ? outputs(50) : undefined;
    // 512 x 384 has 64 x 48 + 32 x 24 + 16 x 12 cells of two anchors.
    const small = { count: (64 * 48 + 32 * 24 + 16 * 12) * 2 };
    const shrunk = {
      scores: tensor(new Array(small.count * 2).fill(0), [1, small.count, 2]),
      boxes: tensor(new Array(small.count * 4).fill(0), [1, small.count, 4]),
      landmarks: tensor(new Array(small.count * 10).fill(0), [1, small.count, 10]),
    };
    const session = new FunctionSession(['scores', 'boxes', 'landmarks'], () => fixed ?? shrunk, false);
    const detector = new FaceDetector(card, session, resolveProtocol({ scale: parseScaleRule(scale) }, card));
    const image = { widthPx: 640, heightPx: 480, data: new Uint8Array(640 * 480 * 3) };
    for (let warmup = 0; warmup < 3; warmup++) await detector.detect(image);
    const before = process.memoryUsage().arrayBuffers;
    const images = 50;
    let resultBytes = 0;
    for (let count = 0; count < images; count++) {
      const found = await detector.detect(image);
      resultBytes += found.boxesXyxy.byteLength + found.scores.byteLength + (found.landmarks?.byteLength ?? 0);
    }
    // One input alone is 3.7 MB; row buffers and sample tables of the resize are a few kB an image.
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown - resultBytes).toBeLessThan(images * 64 * 1024);
  },
);
