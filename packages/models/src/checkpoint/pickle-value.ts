/** A Python tuple, as distinct from a list. */
export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A Python dict or OrderedDict; keys that are not strings are dropped, since no tensor lies under one. */
export class PickleDict {
  readonly entries = new Map<string, PickleValue>();
}

/** A class or function that the stream names. It is a name only: nothing is looked up, imported or called. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** A flat run of numbers that lies elsewhere in the file. */
export class StorageRef {
  constructor(
    /** Name of the class: `torch.FloatStorage`. */
    readonly kind: string,
    readonly key: string,
    readonly elements: number,
  ) {}
}

/** A tensor: a strided window of a storage. */
export class TensorRef {
  constructor(
    readonly storage: StorageRef,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** What a pickle stream of tensors is made of. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleValue[]
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | StorageRef
  | TensorRef;
