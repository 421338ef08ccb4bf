import { ModelError } from '@retinabench/core';
import { PickleDict, PickleGlobal, PickleTuple, type PickleValue, StorageRef, TensorRef } from './pickle-value.js';

/** Classes of storages that hold numbers we can read. */
const storageKinds = new Set(
  ['Float', 'Double', 'Half', 'BFloat16', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool'].map(
    (type) => `torch.${type}Storage`,
  ),
);

/** Most axes that a tensor may have here. */
const maximumRank = 8;

/**
 * What calling a named global gives, for the four that checkpoints need.
 *
 * @param name  module and name: `collections.OrderedDict`.
 * @param place of the call, for messages.
 * @throws {ModelError} if the global is any other, or its arguments are not those of a tensor.
 * Source: torch/_utils.py (`_rebuild_tensor`, `_rebuild_tensor_v2`, `_rebuild_parameter`).
 */
export function callGlobal(name: string, args: readonly PickleValue[], place: string): PickleValue {
  switch (name) {
    case 'collections.OrderedDict':
      return new PickleDict();
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return rebuildTensor(args, place);
    case 'torch._utils._rebuild_parameter':
      if (args[0] instanceof TensorRef) return args[0];
      throw new ModelError(`${place}: expected a tensor as the parameter's data; the file is damaged`);
    default:
      throw new ModelError(
        `${place}: ${printable(name)} is not a global that tensors need; save the state_dict alone with torch.save(model.state_dict(), file)`,
      );
  }
}

/**
 * The storage that a persistent id names: ('storage', class, key, device, elements), in old files with a sixth item
 * for views, which must be None.
 *
 * @throws {ModelError} if it is anything else.
 */
export function resolvePersistentId(id: PickleValue, place: string): StorageRef {
  if (id instanceof PickleTuple) {
    const [tag, kind, key, , elements, view] = id.items;
    if (
      tag === 'storage' &&
      kind instanceof PickleGlobal &&
      storageKinds.has(kind.name) &&
      typeof key === 'string' &&
      isCount(elements) &&
      (view === null || view === undefined)
    ) {
      return new StorageRef(kind.name, key, elements);
    }
    if (tag === 'storage' && kind instanceof PickleGlobal && !storageKinds.has(kind.name)) {
      throw new ModelError(`${place}: ${printable(kind.name)} is not a storage of numbers; save the state_dict alone`);
    }
  }
  throw new ModelError(`${place}: expected a reference to a storage; the file is damaged`);
}

function rebuildTensor(args: readonly PickleValue[], place: string): TensorRef {
  const [storage, offset, size, stride] = args;
  if (
    storage instanceof StorageRef &&
    isCount(offset) &&
    size instanceof PickleTuple &&
    stride instanceof PickleTuple
  ) {
    const dims = size.items.filter(isCount);
    const strides = stride.items.filter(isCount);
    const whole = dims.length === size.items.length && strides.length === stride.items.length;
    if (whole && dims.length === strides.length && dims.length <= maximumRank) {
      return new TensorRef(storage, offset, dims, strides);
    }
  }
  throw new ModelError(`${place}: expected (storage, offset, size, stride) of a tensor; the file is damaged`);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A name out of a file, safe to print. */
function printable(name: string): string {
  return name.slice(0, 80).replace(/[^\w.]/g, '?');
}
