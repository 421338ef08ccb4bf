import type { CardInput, InputSize, Normalisation } from '@retinabench/models';
import type { Session, Tensor } from '../backend/backend.js';
import { InputBuilder } from '../detector/input-builder.js';
import { frameFor, type InputFrame } from '../detector/input-frame.js';
import type { DraftImage } from './draft-image.js';

/** What a network gave for one image, kept. */
export interface RawRun {
  readonly image: DraftImage;
  readonly frame: InputFrame;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The parts of an input that the network's file tells. */
export type InputBase = Omit<CardInput, 'colourOrder' | 'mean' | 'scale' | 'size'>;

/** The longest side at which networks of free size are tried, in pixels. */
const triedSidePx = 640;

/** Run a network on images under one normalisation and size rule; outputs are copied. */
export async function rawRuns(
  session: Session,
  base: InputBase,
  normalisation: Normalisation,
  size: InputSize,
  images: readonly DraftImage[],
): Promise<RawRun[]> {
  const { colourOrder, mean, scale } = normalisation;
  const builder = new InputBuilder({ ...base, colourOrder, mean, scale, size });
  const runs: RawRun[] = [];
  for (const image of images) {
    const { widthPx, heightPx } = image.image;
    const pass = { scale: Math.min(1, triedSidePx / Math.max(widthPx, heightPx)), mirror: false };
    const frame = frameFor(size, pass, widthPx, heightPx);
    const outputs = await session.run(await builder.feeds(image.image, frame));
    const tensors = Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data.slice(), dims: [...dims] }]),
    );
    runs.push({ image, frame, tensors });
  }
  return runs;
}
