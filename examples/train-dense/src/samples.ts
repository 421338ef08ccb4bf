import type { StoredTensor, TensorFile } from '@retinabench/core';

/** Side of the crops that samples hold, in pixels. */
export const cropPx = 64;

/** Positive anchors with what a head learns from them, columnar; row `i` of each array is sample `i`. */
export interface Samples {
  readonly count: number;
  /** Numbers that a head sees: the channels of a cell and 27 colours. */
  readonly inputs: number;
  /** Float32Array [count, inputs]: what it sees. */
  readonly features: Float32Array;
  /** Uint8Array [count]: which head the anchor has. */
  readonly heads: Uint8Array;
  /** Float32Array [count, 10]: the face's five landmarks in the crop of the anchor's own detection, 0..1. */
  readonly landmarks: Float32Array;
  /** Float32Array [count, 3]: width and height of the face's box in sides of the crop, and its height in input pixels. */
  readonly sizes: Float32Array;
  /** Uint8Array [count]: 1 where the anchor is the one whose detection survives. */
  readonly best: Uint8Array;
  /** Uint8Array [count, 64, 64, 3]: the crop. */
  readonly crops: Uint8Array;
}

/** Room for `count` samples. */
export function emptySamples(count: number, inputs: number): Samples {
  return {
    count,
    inputs,
    features: new Float32Array(count * inputs),
    heads: new Uint8Array(count),
    landmarks: new Float32Array(count * 10),
    sizes: new Float32Array(count * 3),
    best: new Uint8Array(count),
    crops: new Uint8Array(count * cropPx * cropPx * 3),
  };
}

/** Samples one after the other. */
export function joinSamples(parts: readonly Samples[], inputs: number): Samples {
  const all = emptySamples(
    parts.reduce((sum, { count }) => sum + count, 0),
    inputs,
  );
  let done = 0;
  for (const part of parts) {
    for (const name of columns) {
      all[name].set(part[name], part.count === 0 ? 0 : done * (part[name].length / part.count));
    }
    done += part.count;
  }
  return all;
}

const columns = ['features', 'heads', 'landmarks', 'sizes', 'best', 'crops'] as const;

/** Samples as a safetensors file. */
export function samplesFile(samples: Samples, metadata: Readonly<Record<string, string>>): TensorFile {
  const tensors = new Map<string, StoredTensor>();
  for (const name of columns) {
    const data = samples[name];
    const width = samples.count === 0 ? 1 : data.length / samples.count;
    tensors.set(name, { format: data instanceof Float32Array ? 'F32' : 'U8', shape: [samples.count, width], data });
  }
  return { tensors, metadata: { ...metadata, inputs: String(samples.inputs) } };
}

/** The inverse of samplesFile. */
export function samplesOf({ tensors, metadata }: TensorFile): Samples {
  const column = (name: (typeof columns)[number]): StoredTensor => tensors.get(name) as StoredTensor;
  return {
    count: column('heads').data.length,
    inputs: Number(metadata.inputs),
    features: column('features').data as Float32Array,
    heads: column('heads').data as Uint8Array,
    landmarks: column('landmarks').data as Float32Array,
    sizes: column('sizes').data as Float32Array,
    best: column('best').data as Uint8Array,
    crops: column('crops').data as Uint8Array,
  };
}
