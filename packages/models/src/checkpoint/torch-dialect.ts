import { ModelError } from '@retinabench/core';
import type { ByteReader } from '../pickle/byte-reader.js';
import type { PickleDialect } from '../pickle/pickle-dialect.js';
import type { PicklePoint } from '../pickle/pickle-meaning.js';
import { PickleDict, PickleGlobal, PickleTuple } from '../pickle/pickle-value.js';
import { readPickle } from '../pickle/read-pickle.js';
import { StorageRef, TensorRef, type TorchValue } from './tensor-ref.js';

/** Classes of storages that hold numbers we can read. */
const storageKinds = new Set(
  ['Float', 'Double', 'Half', 'BFloat16', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool'].map(
    (type) => `torch.${type}Storage`,
  ),
);

/** Most axes that a tensor may have here. */
const maximumRank = 8;

/** What `torch.save` writes, by protocol 2. A string of Python 2 is a name. */
const dialect: PickleDialect<StorageRef | TensorRef> = {
  operations: new Set([
    ...(['PROTO', 'MARK', 'POP', 'NONE', 'NEWTRUE', 'NEWFALSE', 'BININT', 'BININT1', 'BININT2', 'LONG1'] as const),
    ...(['BINFLOAT', 'BINUNICODE', 'SHORT_BINSTRING', 'EMPTY_DICT', 'EMPTY_LIST', 'EMPTY_TUPLE', 'TUPLE'] as const),
    ...(['TUPLE1', 'TUPLE2', 'TUPLE3', 'APPEND', 'APPENDS', 'SETITEM', 'SETITEMS', 'BINPUT', 'LONG_BINPUT'] as const),
    ...(['BINGET', 'LONG_BINGET', 'GLOBAL', 'BINPERSID', 'REDUCE', 'BUILD'] as const),
  ]),
  malformed: (what, at) => new ModelError(`${placeOf(at)}: got ${what}; the file is damaged`),
  refused: (code, { place, start }) =>
    new ModelError(
      `${place}: byte ${start}: pickle opcode 0x${code.toString(16).padStart(2, '0')} is not one that tensors need; save the state_dict alone with torch.save(model.state_dict(), file)`,
    ),
  byteString: (bytes, at) => {
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new ModelError(`${placeOf(at)}: expected text, got bytes that are not UTF-8`, { cause });
    }
  },
  // A name alone is harmless; calls refuse what they do not know.
  mayName: () => true,
  call: (name, parameters, at) => callGlobal(name, parameters, placeOf(at)),
  // An OrderedDict's `_metadata` says nothing of tensors.
  build: (target) => (target instanceof PickleDict ? undefined : 'attributes of something else than an OrderedDict'),
  persistent: (id, at) => resolvePersistentId(id, placeOf(at)),
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Interpret one pickle of a checkpoint, as far as tensors need it; see `readPickle`.
 *
 * @throws {ModelError} naming operation and byte offset if an operation or global is not one that tensors need, or the stream is
 * malformed or ends early.
 */
export function readTensorPickle(input: ByteReader): TorchValue {
  return readPickle(input, dialect);
}

function placeOf({ place, start, operation }: PicklePoint): string {
  return `${place}: byte ${start}: pickle opcode ${operation}`;
}

/**
 * What calling a named global gives, for the four that checkpoints need.
 *
 * @param name  module and name: `collections.OrderedDict`.
 * @param place of the call, for messages.
 * @throws {ModelError} if the global is any other, or its arguments are not those of a tensor.
 * Source: torch/_utils.py (`_rebuild_tensor`, `_rebuild_tensor_v2`, `_rebuild_parameter`).
 */
function callGlobal(name: string, args: readonly TorchValue[], place: string): TorchValue {
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
function resolvePersistentId(id: TorchValue, place: string): StorageRef {
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

function rebuildTensor(args: readonly TorchValue[], place: string): TensorRef {
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

function isCount(value: TorchValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A name out of a file, safe to print. */
function printable(name: string): string {
  return name.slice(0, 80).replace(/[^\w.]/g, '?');
}
