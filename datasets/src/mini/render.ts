import path from 'node:path';
import sharp from 'sharp';
import type { AnnotatedPhotograph } from './photographs.js';
import type { Placement } from './placement.js';
import type { Recipe } from './recipe.js';

/** Interleaved 8-bit RGB, row-major. */
interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draws recipes; keeps the decoded photographs (8 MB each) for as long as it lives. */
export interface Renderer {
  /** @returns the image as a JPEG file. */
  render(recipe: Recipe): Promise<Buffer>;
}

/**
 * Make a renderer of photographs. Everything but resizing, blurring and JPEG itself is done here in whole numbers, so
 * that the bytes depend on libvips alone.
 *
 * @param folder where the photographs lie.
 */
export function createRenderer(folder: string, photographs: readonly AnnotatedPhotograph[]): Renderer {
  const decoded = new Map<number, Promise<Raster>>();
  const photograph = (index: number): Promise<Raster> => {
    const known = decoded.get(index);
    if (known !== undefined) return known;
    const reading = decode(path.join(folder, photographs[index].file));
    decoded.set(index, reading);
    return reading;
  };
  return {
    render: async (recipe) => {
      const canvas = plainCanvas(recipe);
      for (const placement of recipe.placements) {
        paste(canvas, turn(await resize(await photograph(placement.photograph), placement), placement), placement);
      }
      occlude(canvas, recipe);
      amplify(canvas, recipe.finish.gain);
      return encode(canvas, recipe);
    },
  };
}

async function decode(file: string): Promise<Raster> {
  const { data, info } = await sharp(file)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function plainCanvas({ width, height, background }: Recipe): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let sample = 0; sample < data.length; sample++) data[sample] = background[sample % 3];
  return { width, height, data };
}

async function resize(source: Raster, { crop, width, height }: Placement): Promise<Raster> {
  const data = await sharp(source.data, { raw: { width: source.width, height: source.height, channels: 3 } })
    .extract(crop)
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { width, height, data };
}

/** Mirror and turn clockwise, as `placePoint` does with coordinates. */
function turn(source: Raster, { mirror, quarterTurns }: Placement): Raster {
  if (!mirror && quarterTurns === 0) return source;
  const { width, height } = source;
  // Pixel (u, y), u counted in the mirrored row, goes to first + across u + down y.
  const [first, across, down] = (
    [
      [0, 1, width],
      [height - 1, height, -1],
      [height * width - 1, -1, -width],
      [(width - 1) * height, -height, 1],
    ] as const
  )[quarterTurns];
  const data = new Uint8Array(source.data.length);
  let from = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += 3) {
      const to = (first + across * (mirror ? width - 1 - x : x) + down * y) * 3;
      data[to] = source.data[from];
      data[to + 1] = source.data[from + 1];
      data[to + 2] = source.data[from + 2];
    }
  }
  return quarterTurns % 2 === 1 ? { width: height, height: width, data } : { width, height, data };
}

function paste(canvas: Raster, tile: Raster, { left, top }: Placement): void {
  const columns = Math.min(tile.width, canvas.width - left);
  const rows = Math.min(tile.height, canvas.height - top);
  for (let y = 0; y < rows; y++) {
    const from = y * tile.width * 3;
    canvas.data.set(tile.data.subarray(from, from + columns * 3), ((top + y) * canvas.width + left) * 3);
  }
}

function occlude(canvas: Raster, recipe: Recipe): void {
  for (const { rect, colour } of recipe.occluders) {
    for (let y = rect.top; y < Math.min(rect.top + rect.height, canvas.height); y++) {
      for (let x = rect.left; x < Math.min(rect.left + rect.width, canvas.width); x++) {
        canvas.data.set(colour, (y * canvas.width + x) * 3);
      }
    }
  }
}

function amplify(canvas: Raster, gain: number): void {
  if (gain === 1) return;
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.round(value * gain)));
  for (let sample = 0; sample < canvas.data.length; sample++) canvas.data[sample] = table[canvas.data[sample]];
}

async function encode(canvas: Raster, { finish }: Recipe): Promise<Buffer> {
  let image = sharp(canvas.data, { raw: { width: canvas.width, height: canvas.height, channels: 3 } });
  if (finish.blurSigma > 0) image = image.blur(finish.blurSigma);
  if (finish.grey) image = image.greyscale();
  return image.jpeg(finish.jpeg).toBuffer();
}
