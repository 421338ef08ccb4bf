import { ModelError, shortenText } from '@retinabench/core';
import { PickleDict } from '../pickle/pickle-value.js';
import { isLegacyCheckpoint, readLegacy } from './legacy.js';
import { type CheckpointTensor, materialise, storageElementBytes } from './storage.js';
import { TensorRef, type TorchDict, type TorchValue } from './tensor-ref.js';
import { isZipCheckpoint, readZip } from './zip.js';

/** Most elements of all tensors that repeat those of their storage, as views made by `expand` do: no file bounds them. */
const mostExpanded = 2 ** 24;

/** Keys under which training scripts wrap the state_dict. */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'net'];

/** Bytes of tensors, as a multiple of the file's, beyond which a file claims more than shared weights explain. */
const largestExpansion = 8;

/**
 * Read the tensors of a PyTorch checkpoint, in the legacy or the ZIP format, without PyTorch and without running
 * anything that the file names.
 *
 * A state_dict wrapped in `state_dict`, `model_state_dict`, `model` or `net` is found; the prefix `module.` of
 * data-parallel training is dropped.
 *
 * @param bytes the file.
 * @param place its name, for messages.
 * @returns tensors by name, in the order of the file.
 * @throws {ModelError} if the file is neither format, malformed, truncated, or needs an opcode or global that tensors
 * do not need (the message names it and its byte offset).
 * Cost: O(bytes), at most a small multiple of the file's size in memory whatever its headers claim.
 */
export function readCheckpoint(bytes: Uint8Array, place: string): Map<string, CheckpointTensor> {
  const { root, storages } = takeApart(bytes, place);
  const tensors = new Map<string, CheckpointTensor>();
  let budget = largestExpansion * bytes.length;
  let expandable = mostExpanded;
  for (const [key, value] of stateDict(root, place).entries) {
    if (!(value instanceof TensorRef)) continue;
    const name = key.startsWith('module.') ? key.slice('module.'.length) : key;
    const where = `${place}: tensor ${shortenText(name)}`;
    const data = storages.get(value.storage.key);
    const needed = value.storage.elements * storageElementBytes(value.storage.kind);
    if (data === undefined || data.length < needed) {
      throw new ModelError(
        `${where}: expected ${needed} bytes in storage ${shortenText(value.storage.key)}, got ${data?.length ?? 0}; the file is truncated, fetch it again`,
      );
    }
    const count = value.dims.reduce((product, dim) => product * dim, 1);
    if (value.dims.some((dim, axis) => dim > 1 && value.strides[axis] === 0)) {
      expandable -= count;
      if (expandable < 0) {
        throw new ModelError(
          `${where}: [${value.dims.join(', ')}] repeats elements of its storage, of which more than ${mostExpanded} are refused; save tensor.contiguous() in its place`,
        );
      }
      budget -= 8;
    } else budget -= count * 8;
    if (budget < 0) throw new ModelError(`${where}: the file describes more tensors than it holds; it is damaged`);
    tensors.set(name, materialise(value, data.subarray(0, needed), where));
  }
  return tensors;
}

function takeApart(bytes: Uint8Array, place: string): ReturnType<typeof readLegacy> {
  if (isLegacyCheckpoint(bytes)) return readLegacy(bytes, place);
  if (isZipCheckpoint(bytes)) return readZip(bytes, place);
  throw new ModelError(
    `${place}: not a PyTorch checkpoint: expected a file written by torch.save (ZIP or legacy format), got ${bytes.length} bytes of something else`,
  );
}

function stateDict(root: TorchValue, place: string): TorchDict {
  if (root instanceof PickleDict) {
    if ([...root.entries.values()].some((value) => value instanceof TensorRef)) return root;
    for (const key of wrappers) {
      const inner = root.entries.get(key);
      if (inner instanceof PickleDict) return inner;
    }
  }
  throw new ModelError(
    `${place}: expected a state_dict with tensors; save it with torch.save(model.state_dict(), file)`,
  );
}
