import { seededRandom } from '@retinabench/core';
import type { AnnotatedPhotograph } from './photographs.js';
import { type Placement, placeRect } from './placement.js';
import type { Finish, Occluder, Recipe } from './recipe.js';
import type { Rect } from './rect.js';

type Random = () => number;

/** Seed of everything that varies at random between the images. */
const seed = 20_180_620;

/**
 * The recipes of the embedded data set: eight events that between them cover the sizes, labels and file variants of
 * WIDER FACE. A pure function of the annotations.
 */
export function miniRecipes(photographs: readonly AnnotatedPhotograph[]): Recipe[] {
  const random = seededRandom(seed);
  return [
    ...portraits(photographs),
    ...groups(photographs),
    ...crowds(photographs, random),
    ...finishedGroups('3--Blur', photographs, [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8], (blurSigma) => ({ blurSigma })),
    ...finishedGroups('4--Low_Light', photographs, [0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.6, 2, 3], (gain) => ({
      gain,
    })),
    ...occluded(photographs, random),
    ...turned(photographs),
    ...withoutFaces(),
  ];
}

/** One face filling much of the image, 120 to 400 pixels high. */
function portraits(photographs: readonly AnnotatedPhotograph[]): Recipe[] {
  const faces = photographs.flatMap((photograph, index) =>
    photograph.faces.map((face) => ({ photograph, index, face })),
  );
  const heights = [400, 370, 340, 310, 280, 250, 230, 210, 195, 170, 145, 120];
  return heights.map((heightPx, number) => {
    const { photograph, index, face } = faces[(number * 7) % faces.length];
    const [x, y, width, height] = face.box;
    const margin = Math.round(height * (0.35 + 0.05 * (number % 6)));
    const left = Math.max(0, x - margin);
    const top = Math.max(0, y - margin);
    const crop: Rect = {
      left,
      top,
      width: Math.min(photograph.width, x + width + margin) - left,
      height: Math.min(photograph.height, y + height + margin) - top,
    };
    return single('0--Portrait', number, whole(index, crop, heightPx / height, number % 2 === 1));
  });
}

/** Whole photographs from 1,024 to 340 pixels wide, every other round mirrored. */
function groups(photographs: readonly AnnotatedPhotograph[]): Recipe[] {
  return Array.from({ length: 20 }, (_, number) =>
    single('1--Group', number, shown(photographs, number % 6, 1024 - 36 * number, number % 12 >= 6)),
  );
}

/** Rows of small photographs on a plain ground: many faces from 12 pixels up, some cut by the right edge. */
function crowds(photographs: readonly AnnotatedPhotograph[], random: Random): Recipe[] {
  const sizes = [
    [640, 480],
    [800, 600],
    [512, 384],
    [1024, 576],
  ] as const;
  return [12, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 32].map((smallestPx, number) => {
    const [width, leastHeight] = sizes[number % sizes.length];
    const placements: Placement[] = [];
    let height = 0;
    while (height < leastHeight) {
      let rowHeight = 0;
      for (let left = 0; left < width; ) {
        const index = Math.floor(random() * photographs.length);
        const photograph = photographs[index];
        const smallest = Math.min(...photograph.faces.map((face) => face.box[3]));
        const scale = (smallestPx * (1 + random() / 2)) / smallest;
        const tile = {
          ...shown(photographs, index, Math.ceil(photograph.width * scale), random() < 0.5),
          left,
          top: height,
        };
        placements.push(tile);
        left += tile.width;
        rowHeight = Math.max(rowHeight, tile.height);
      }
      height += rowHeight;
    }
    return { ...recipe('2--Crowd', number, width, height, placements), background: [96, 104, 112] };
  });
}

/** Whole photographs with one property of the finish running through `values`. */
function finishedGroups(
  event: string,
  photographs: readonly AnnotatedPhotograph[],
  values: readonly number[],
  finish: (value: number) => Partial<Finish>,
): Recipe[] {
  return values.map((value, number) => {
    const image = single(event, number, shown(photographs, (number * 5) % 6, 560 + 40 * number, number % 2 === 0));
    return { ...image, finish: { ...image.finish, ...finish(value) } };
  });
}

/** Whole photographs with a bar over part of every face: mouth, eyes or one side, from 10 to 60 % of it. */
function occluded(photographs: readonly AnnotatedPhotograph[], random: Random): Recipe[] {
  return Array.from({ length: 10 }, (_, number) => {
    const index = (number * 5 + 2) % 6;
    const placement = shown(photographs, index, 520 + 50 * number, number % 2 === 1);
    const occluders = photographs[index].faces.map((face): Occluder => {
      const [left, top, width, height] = face.box;
      const share = 0.1 + 0.5 * random();
      const side = Math.floor(random() * 3);
      const colour = [0, 0, 0].map(() => Math.floor(random() * 256)) as [number, number, number];
      return { rect: bar(placeRect(placement, { left, top, width, height }), share, side), colour };
    });
    return { ...single('5--Occlusion', number, placement), occluders };
  });
}

/** Whole photographs on their side or upside down. */
function turned(photographs: readonly AnnotatedPhotograph[]): Recipe[] {
  return Array.from({ length: 8 }, (_, number) => {
    const placement = shown(photographs, number % 6, 480 + 60 * number, number % 2 === 1);
    return single('6--Pose', number, { ...placement, quarterTurns: ([1, 3, 2, 1] as const)[number % 4] });
  });
}

/** The lower parts of photographs, below every face: clothes, arms and furniture. */
function withoutFaces(): Recipe[] {
  const crops: readonly (readonly [photograph: number, crop: Rect])[] = [
    [0, { left: 0, top: 700, width: 1920, height: 580 }],
    [1, { left: 0, top: 480, width: 1920, height: 887 }],
    [2, { left: 0, top: 640, width: 1920, height: 710 }],
    [3, { left: 0, top: 460, width: 1920, height: 988 }],
  ];
  return crops.map(([photograph, crop], number) =>
    single('7--Background', number, whole(photograph, crop, 1 / 3, number % 2 === 1)),
  );
}

/** A crop at a scale, filling the image. */
function whole(photograph: number, crop: Rect, scale: number, mirror: boolean): Placement {
  const width = Math.round(crop.width * scale);
  const height = Math.round(crop.height * scale);
  return { photograph, crop, width, height, mirror, quarterTurns: 0, left: 0, top: 0 };
}

/** A whole photograph `width` pixels wide. */
function shown(photographs: readonly AnnotatedPhotograph[], index: number, width: number, mirror: boolean): Placement {
  const photograph = photographs[index];
  const crop: Rect = { left: 0, top: 0, width: photograph.width, height: photograph.height };
  return whole(index, crop, width / photograph.width, mirror);
}

/** The lower part of `face` (side 0), a band across its middle (1) or its left part (2), whole pixels. */
function bar(face: Rect, share: number, side: number): Rect {
  const { left, top, width, height } = face;
  const across = (from: number): Rect => ({ left, top: top + height * from, width, height: height * share });
  const rect = side === 0 ? across(1 - share) : side === 1 ? across(0.2) : { left, top, width: width * share, height };
  return {
    left: Math.round(rect.left),
    top: Math.round(rect.top),
    width: Math.max(1, Math.round(rect.width)),
    height: Math.max(1, Math.round(rect.height)),
  };
}

function single(event: string, number: number, placement: Placement): Recipe {
  const sideways = placement.quarterTurns % 2 === 1;
  const [width, height] = sideways ? [placement.height, placement.width] : [placement.width, placement.height];
  return recipe(event, number, width, height, [placement]);
}

/** A recipe without occluders whose JPEG variant follows its number: quality, progressive, subsampling, grey. */
function recipe(event: string, number: number, width: number, height: number, placements: Placement[]): Recipe {
  return {
    event,
    image: `${event.replace('--', '_')}_mini_${String(number + 1).padStart(2, '0')}`,
    width,
    height,
    background: [0, 0, 0],
    placements,
    occluders: [],
    finish: {
      blurSigma: 0,
      gain: 1,
      grey: number % 9 === 8,
      jpeg: {
        quality: 75 + 5 * (number % 5),
        progressive: number % 4 === 3,
        chromaSubsampling: number % 3 === 2 ? '4:4:4' : '4:2:0',
      },
    },
  };
}
