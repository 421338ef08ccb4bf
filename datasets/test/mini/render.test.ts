import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnnotatedPhotograph } from '../../src/mini/photographs.js';
import { type Placement, placeRect } from '../../src/mini/placement.js';
import type { Recipe } from '../../src/mini/recipe.js';
import { createRenderer } from '../../src/mini/render.js';

/** A black 60 x 40 photograph with a white block at x 20 to 32, y 8 to 16. */
const block = { left: 20, top: 8, width: 12, height: 8 };
let folder: string;
let photographs: AnnotatedPhotograph[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'retinabench-render-'));
  const white = { create: { width: block.width, height: block.height, channels: 3, background: '#fff' } } as const;
  await sharp({ create: { width: 60, height: 40, channels: 3, background: '#000' } })
    .composite([{ input: await sharp(white).png().toBuffer(), left: block.left, top: block.top }])
    .png()
    .toFile(path.join(folder, 'block.png'));
  photographs = [{ file: 'block.png', sha256: '', width: 60, height: 40, faces: [] }];
});

afterAll(() => rm(folder, { recursive: true }));

/** Centre of the brightness of an image and the size of a white block of as much brightness, as in `rect`. */
async function brightness(jpeg: Buffer, rect: { width: number; height: number }): Promise<number[]> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  data.forEach((sample, index) => {
    sum += sample;
    sumX += sample * ((index % info.width) + 0.5);
    sumY += sample * (Math.floor(index / info.width) + 0.5);
  });
  return [sumX / sum, sumY / sum, Math.sqrt(((sum / 255) * rect.width) / rect.height)];
}

function recipeOf(placement: Placement, finish: Partial<Recipe['finish']> = {}): Recipe {
  return {
    event: '0--Block',
    image: 'block',
    width: 160,
    height: 160,
    background: [0, 0, 0],
    placements: [placement],
    occluders: [],
    finish: {
      blurSigma: 0,
      gain: 1,
      grey: false,
      jpeg: { quality: 100, progressive: false, chromaSubsampling: '4:4:4' },
      ...finish,
    },
  };
}

const crop = { left: 10, top: 4, width: 50, height: 30 };

describe('createRenderer', () => {
  const cases = [0, 1, 2, 3].flatMap((quarterTurns) =>
    [false, true].flatMap((mirror) =>
      [0.5, 1, 2].map((scale) => ({ quarterTurns: quarterTurns as 0 | 1 | 2 | 3, mirror, scale })),
    ),
  );

  it.each(cases)('draws the block where placeRect says it lies: %j', async ({ quarterTurns, mirror, scale }) => {
    const size = { width: crop.width * scale, height: crop.height * scale };
    const placement: Placement = { photograph: 0, crop, ...size, mirror, quarterTurns, left: 7, top: 11 };
    const expected = placeRect(placement, block);
    const jpeg = await createRenderer(folder, photographs).render(recipeOf(placement));
    const [centreX, centreY, width] = await brightness(jpeg, expected);
    expect(Math.abs(centreX - expected.left - expected.width / 2)).toBeLessThan(0.06);
    expect(Math.abs(centreY - expected.top - expected.height / 2)).toBeLessThan(0.06);
    expect(Math.abs(width - expected.width)).toBeLessThan(0.2);
  });

  it('cuts what hangs over the right and lower edge', async () => {
    const whole = { left: 0, top: 0, width: 60, height: 40 };
    const placement: Placement = {
      photograph: 0,
      crop: whole,
      width: 60,
      height: 40,
      mirror: false,
      quarterTurns: 0,
      left: 130,
      top: 145,
    };
    const jpeg = await createRenderer(folder, photographs).render(recipeOf(placement));
    // The block would cover x 150 to 162, y 153 to 161; the image ends at 160: 10 x 7 pixels around (155, 156.5).
    const [centreX, centreY, width] = await brightness(jpeg, { width: 10, height: 7 });
    expect(centreX).toBeCloseTo(155, 1);
    expect(centreY).toBeCloseTo(156.5, 1);
    expect(width).toBeCloseTo(10, 1);
  });

  it('darkens by the gain', async () => {
    const placement: Placement = {
      photograph: 0,
      crop: block,
      width: 12,
      height: 8,
      mirror: false,
      quarterTurns: 0,
      left: 0,
      top: 0,
    };
    const recipe = { ...recipeOf(placement, { gain: 0.2 }), width: 12, height: 8 };
    const { channels } = await sharp(await createRenderer(folder, photographs).render(recipe)).stats();
    // 255 x 0.2 = 51 in each channel; JPEG at quality 100 may move it by one.
    for (const { mean } of channels) expect(Math.abs(mean - 51)).toBeLessThanOrEqual(1);
  });
});
