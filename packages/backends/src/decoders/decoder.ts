import { ModelError, ShapeError } from '@retinabench/core';
import type { Tensor } from '../backend/backend.js';
import type { Candidates } from './candidates.js';

/** The raw outputs of one pass of a network. */
export interface PassOutputs {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
  /** The model's id, for messages. */
  readonly place: string;
}

/**
 * Append the boxes of a pass whose score is above the floor to `candidates`, in pixels of the network's input.
 *
 * @throws {ShapeError} if an output has not the shape that the card promises.
 * @throws {ModelError} if a number of an output is not finite.
 */
export type Decoder = (outputs: PassOutputs, scoreFloor: number, candidates: Candidates) => void;

/**
 * An output by name, as a matrix of `columns` columns.
 *
 * @throws {ModelError} if the network has no such output.
 * @throws {ShapeError} if it has another number of values than `rows` x `columns`.
 */
export function outputMatrix(outputs: PassOutputs, name: string, rows: number, columns: number): Float32Array {
  const tensor = outputs.tensors[name];
  if (tensor === undefined) {
    throw new ModelError(
      `${outputs.place}: the card names an output ${name}; the network has ${Object.keys(outputs.tensors).join(', ')}; correct the card`,
    );
  }
  if (tensor.data.length !== rows * columns) {
    throw new ShapeError(
      `${outputs.place}: output ${name}: expected [${rows}, ${columns}] for an input of ${outputs.inputWidthPx} x ${outputs.inputHeightPx}, got [${tensor.dims.join(', ')}]; the card's anchors do not fit the network`,
    );
  }
  return tensor.data;
}
