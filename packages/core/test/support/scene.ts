import { seededRandom } from '../../src/index.js';

/** Annotated faces in float32. */
export interface Scene {
  readonly boxesXyxy: Float32Array;
  readonly landmarks: Float32Array;
}

/**
 * Seeded faces of a scene: log-uniform heights from `minimumPx` to `maximumPx`, five landmarks inside the box, every
 * fourth face without landmarks.
 */
export function scene(count: number, seed: number, { sidePx = 640, minimumPx = 8, maximumPx = 200 } = {}): Scene {
  const random = seededRandom(seed);
  const boxesXyxy = new Float32Array(count * 4);
  const landmarks = new Float32Array(count * 10).fill(-1);
  for (let face = 0; face < count; face++) {
    const height = minimumPx * (maximumPx / minimumPx) ** random();
    const width = height * (0.7 + 0.2 * random());
    const x = random() * (sidePx - width);
    const y = random() * (sidePx - height);
    boxesXyxy.set([x, y, x + width, y + height], face * 4);
    if (face % 4 === 3) continue;
    for (let k = 0; k < 10; k += 2) {
      landmarks[face * 10 + k] = x + width * random();
      landmarks[face * 10 + k + 1] = y + height * random();
    }
  }
  return { boxesXyxy, landmarks };
}
