import { ModelError } from '@retinabench/core';
import { ByteReader } from '../pickle/byte-reader.js';
import { PickleDict } from '../pickle/pickle-value.js';
import { storageElementBytes } from './storage.js';
import { TensorRef, type TorchValue } from './tensor-ref.js';
import { readTensorPickle } from './torch-dialect.js';

/** The number that opens the legacy format, 0x1950a86a20f9469cfc6c, as its pickle stream. */
const opening = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** A checkpoint taken apart: the saved object, and the bytes of each storage by key. */
export interface CheckpointParts {
  readonly root: TorchValue;
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

/** Whether `bytes` open as PyTorch's legacy format does. */
export function isLegacyCheckpoint(bytes: Uint8Array): boolean {
  return opening.every((byte, index) => bytes[index] === byte);
}

/**
 * Take a file in PyTorch's legacy format (before 1.6) apart: five pickle streams (magic number, protocol version,
 * platform, the object, the keys of its storages), then each storage as an element count and its data.
 *
 * @throws {ModelError} if the file is malformed, truncated or from a big-endian machine.
 * Source: torch/serialization.py, `_legacy_save`.
 */
export function readLegacy(bytes: Uint8Array, place: string): CheckpointParts {
  const input = new ByteReader(bytes, place, opening.length);
  const version = readTensorPickle(input);
  if (version !== 1001) throw new ModelError(`${place}: expected legacy protocol 1001, got ${String(version)}`);
  const platform = readTensorPickle(input);
  if (platform instanceof PickleDict && platform.entries.get('little_endian') === false) {
    throw new ModelError(`${place}: written on a big-endian machine, which is not supported; save it again elsewhere`);
  }
  const root = readTensorPickle(input);
  const keys = readTensorPickle(input);
  if (!Array.isArray(keys)) throw new ModelError(`${place}: expected a list of storage keys; the file is damaged`);
  const elementBytes = elementBytesByKey(root);
  const storages = new Map<string, Uint8Array>();
  for (const key of keys) {
    const at = input.position;
    const size = typeof key === 'string' ? elementBytes.get(key) : undefined;
    if (typeof key !== 'string' || size === undefined) {
      throw new ModelError(
        `${place}: byte ${at}: a storage that no tensor of the state_dict uses; save the state_dict alone`,
      );
    }
    storages.set(key, input.take(input.count64() * size));
  }
  return { root, storages };
}

/** Storages do not state their element type where they lie; the tensors that use them do. */
function elementBytesByKey(root: TorchValue): Map<string, number> {
  const found = new Map<string, number>();
  const seen = new Set<TorchValue>();
  const pending: TorchValue[] = [root];
  while (pending.length > 0) {
    const value = pending.pop() as TorchValue;
    if (value instanceof TensorRef) found.set(value.storage.key, storageElementBytes(value.storage.kind));
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const items = value instanceof PickleDict ? value.entries.values() : Array.isArray(value) ? value : [];
    for (const item of items) pending.push(item);
  }
  return found;
}
