import type { InputBase, Session } from '@retinabench/backends';
import { ModelError } from '@retinabench/core';
import { type InputSize, type InputType, inputTypes, type SideInput } from '@retinabench/models';

/** What a network's file says of its image input, and the size rules that may apply. */
export interface NetworkInput {
  readonly base: InputBase;
  readonly sizes: readonly InputSize[];
}

/** Public code resizes to whole pixels, then pads. */
const whole = { sampling: 'whole-pixels', rounding: 'half-up' } as const;

/**
 * Read the image input off a network's signature.
 *
 * @param sides what the other inputs are fed.
 * @throws {ModelError} naming what the file leaves open or what is not taken.
 */
export function networkInput(session: Session, sides: readonly SideInput[], place: string): NetworkInput {
  const others = new Set(sides.map(({ tensor }) => tensor));
  const inputs = (session.signature?.inputs ?? []).filter(({ name }) => !others.has(name));
  const images = inputs.filter(({ dims }) => dims?.length === 4);
  if (images.length !== 1 || inputs.length !== 1) {
    const names = inputs.map(({ name, dims }) => `${name} [${dims?.map((dim) => dim ?? '?').join(', ') ?? '?'}]`);
    throw new ModelError(
      `${place}: expected one input of an image, of four dimensions, got ${names.join(', ')}; say what the others are fed: --side NAME=VALUE`,
    );
  }
  const [{ name, elementType, dims = [] }] = images;
  if (!(inputTypes as readonly string[]).includes(elementType)) {
    throw new ModelError(
      `${place}: input ${name}: expected ${inputTypes.join(', ')} elements, got ${elementType}; export the model with one of them`,
    );
  }
  if (dims[0] !== undefined && dims[0] !== 1) {
    throw new ModelError(
      `${place}: input ${name}: expected a batch of 1, got ${dims[0]}: [${dims.map((dim) => dim ?? '?').join(', ')}]; export the model for one image`,
    );
  }
  // Where the file leaves the channels open, they come first, as nearly everywhere.
  const isOpen = dims[1] === undefined && dims[3] === undefined;
  const layout = dims[1] === 3 || isOpen ? 'NCHW' : dims[3] === 3 ? 'NHWC' : undefined;
  if (layout === undefined) {
    throw new ModelError(
      `${place}: input ${name}: expected 3 channels in the second or last dimension, got [${dims.map((dim) => dim ?? '?').join(', ')}]; write the card by hand, docs/models.md lists the fields`,
    );
  }
  const [heightPx, widthPx] = layout === 'NCHW' ? dims.slice(2) : dims.slice(1, 3);
  const base: InputBase = {
    tensor: name,
    layout,
    ...(elementType === 'float32' ? {} : { type: elementType as InputType }),
    ...(sides.length === 0 ? {} : { sides }),
  };
  if (heightPx === undefined || widthPx === undefined) return { base, sizes: freeSizes() };
  const fixed = { rule: 'fixed', widthPx, heightPx, ...whole } as const;
  return {
    base,
    sizes: [
      { ...fixed, fit: 'letterbox', padValue: 0 },
      { ...fixed, fit: 'letterbox-centre', padValue: 114 },
      { ...fixed, fit: 'letterbox-centre', padValue: 0 },
      { ...fixed, fit: 'stretch', padValue: 0 },
    ],
  };
}

function freeSizes(): InputSize[] {
  const multiple = { rule: 'multiple', padValue: 0, ...whole } as const;
  return [
    { ...multiple, of: 32 },
    { ...multiple, of: 64 },
    { ...multiple, of: 128 },
    { rule: 'any', ...whole },
    { ...multiple, of: 32, fit: 'stretch' },
  ];
}
