import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/image/image.js';
import { contentSeedOf, perturbImage } from '../../src/perturb/perturb-image.js';
import { parsePerturbation } from '../../src/perturb/perturbation.js';

function image(widthPx: number, heightPx: number, level: (x: number, y: number, channel: number) => number): RgbImage {
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return level(pixel % widthPx, Math.floor(pixel / widthPx), at % 3);
  });
  return { widthPx, heightPx, data };
}

const grey = image(200, 150, () => 128);
const random = seededRandom(3);
const texture = image(61, 40, () => Math.floor(random() * 256));

async function under(text: string, of: RgbImage, contentSeed = 1, seed = 0): Promise<RgbImage> {
  return (await perturbImage(of, parsePerturbation(text, seed), contentSeed)).image;
}

function moments(data: Uint8Array): { mean: number; deviation: number } {
  const mean = data.reduce((sum, level) => sum + level, 0) / data.length;
  return { mean, deviation: Math.sqrt(data.reduce((sum, level) => sum + (level - mean) ** 2, 0) / data.length) };
}

describe('perturbImage noise', () => {
  it('has the mean and the standard deviation that it says: 90,000 draws put sigma within 1 %', async () => {
    const { mean, deviation } = moments((await under('noise:10', grey)).data);
    // Standard error of the mean 10 / 300 = 0.033, of the deviation 10 / sqrt(180,000) = 0.024; rounding adds 1/12 to 100.
    expect(Math.abs(mean - 128)).toBeLessThan(0.15);
    expect(Math.abs(deviation - Math.sqrt(100 + 1 / 12))).toBeLessThan(0.1);
  });

  it('is the same for the same image and seed, and another for another of either', async () => {
    const first = await under('noise:10', grey);
    expect(await under('noise:10', grey)).toEqual(first);
    expect((await under('noise:10', grey, 2)).data).not.toEqual(first.data);
    expect((await under('noise:10', grey, 1, 5)).data).not.toEqual(first.data);
  });

  it('of 0 is the image, and clips at both ends', async () => {
    expect((await under('noise:0', texture)).data).toEqual(texture.data);
    const black = (
      await under(
        'noise:40',
        image(64, 64, () => 0),
      )
    ).data;
    // Half of the draws are negative and clip to 0; those of (0, 0.5) round to it: 1.25 e-2 / 2 more.
    const zeros = black.filter((level) => level === 0).length / black.length;
    expect(Math.abs(zeros - 0.505)).toBeLessThan(0.02);
  });

  it('is seeded by 32 bits of the hash of the bytes', () => {
    expect(contentSeedOf('0000002aff'.padEnd(64, '0'))).toBe(42);
  });
});

describe('perturbImage blur', () => {
  it('spreads a line by the variance that it says', async () => {
    for (const sigma of [1, 2, 5]) {
      const line = image(121, 9, (x) => (x === 60 ? 255 : 0));
      // Rows in the middle, wide enough that rounding to 8 bits cuts little: weight by level.
      const blurred = await under(
        `blur:${sigma}`,
        image(121, 9, (x) => (Math.abs(x - 60) <= 1 ? 255 : 0)),
      );
      expect(line.widthPx).toBe(blurred.widthPx);
      const row = Array.from({ length: 121 }, (_, x) => blurred.data[3 * (4 * 121 + x)]);
      const total = row.reduce((sum, level) => sum + level, 0);
      const variance = row.reduce((sum, level, x) => sum + level * (x - 60) ** 2, 0) / total;
      // A bar of three pixels has the variance 2/3 before.
      expect(Math.abs(Math.sqrt(variance - 2 / 3) - sigma)).toBeLessThan(0.08 * sigma);
      expect(Math.abs(total - 3 * 255)).toBeLessThan(25);
    }
  });

  it('leaves an even image as it is', async () => {
    expect((await under('blur:3', grey)).data).toEqual(grey.data);
  });
});

describe('perturbImage dark', () => {
  it('multiplies the 8-bit values and rounds', async () => {
    const levels = image(4, 1, (x) => [0, 1, 101, 255][x]);
    // 0.4 x 0, 1, 101, 255 = 0, 0.4, 40.4, 102.
    expect([...(await under('dark:0.4', levels)).data]).toEqual([0, 0, 0, 0, 0, 0, 40, 40, 40, 102, 102, 102]);
    expect((await under('dark:1', texture)).data).toEqual(texture.data);
  });
});

describe('perturbImage jpeg', () => {
  it('is nearly the image at quality 100 of an even one, and worse the lower the quality', async () => {
    expect((await under('jpeg:100', grey)).data).toEqual(grey.data);
    const errors = await Promise.all(
      [95, 50, 10].map(async (quality) => {
        const { data } = await under(`jpeg:${quality}`, texture);
        return data.reduce((sum, level, at) => sum + (level - texture.data[at]) ** 2, 0);
      }),
    );
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    expect(errors[0]).toBeGreaterThan(0);
  });
});

describe('perturbImage scale', () => {
  it('gives the rounded sides, says by how much each was scaled, and is the image at 1', async () => {
    const { image: half, movements } = await perturbImage(texture, parsePerturbation('scale:0.5'), 0);
    expect([half.widthPx, half.heightPx]).toEqual([31, 20]);
    expect(movements).toEqual([{ kind: 'scale', factorX: 31 / 61, factorY: 0.5 }]);
    expect((await under('scale:1', texture)).data).toEqual(texture.data);
  });
});

describe('perturbImage rotate', () => {
  it('is the image at 0, and by 90 degrees clockwise moves the first row to the last column', async () => {
    expect(await under('rotate:0', texture)).toEqual(texture);
    const turned = await under('rotate:90', texture);
    expect([turned.widthPx, turned.heightPx]).toEqual([40, 61]);
    for (let x = 0; x < 61; x++) {
      expect(turned.data[3 * (x * 40 + 39)]).toBe(texture.data[3 * x]);
    }
    expect(await under('rotate:90+rotate:90+rotate:180', texture)).toEqual(texture);
  });

  it('holds the whole image by 20 degrees, centre at centre, grey around it', async () => {
    const white = image(100, 60, () => 255);
    const turned = await under('rotate:20', white);
    // 100 cos 20 + 60 sin 20 = 114.5, 100 sin 20 + 60 cos 20 = 90.6.
    expect([turned.widthPx, turned.heightPx]).toEqual([115, 91]);
    expect(turned.data[0]).toBe(128);
    const lit = turned.data.filter((level) => level === 255).length / 3;
    expect(Math.abs(lit - 6000)).toBeLessThan(40);
  });

  it('there and back gives a smooth image again', async () => {
    const ramp = image(80, 80, (x, y) => x + y);
    const back = await under('rotate:20+rotate:-20', ramp);
    const middle = (of: RgbImage): number =>
      of.data[3 * (Math.floor(of.heightPx / 2) * of.widthPx + Math.floor(of.widthPx / 2))];
    expect(Math.abs(middle(back) - middle(ramp))).toBeLessThanOrEqual(2);
  });
});

describe('perturbImage with several steps', () => {
  it('applies them in the order in which they are written', async () => {
    const white = image(8, 8, () => 255);
    // Darkened first, noise stays; noise first is clipped to 255 on one side, then darkened.
    const darkFirst = moments((await under('dark:0.4+noise:20', white)).data);
    const noiseFirst = moments((await under('noise:20+dark:0.4', white)).data);
    expect(darkFirst.deviation).toBeGreaterThan(15);
    expect(noiseFirst.deviation).toBeLessThan(8);
  });
});
