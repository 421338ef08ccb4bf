/** A Python tuple, as distinct from a list. */
export class PickleTuple<Own extends object> {
  constructor(readonly items: readonly PickleValue<Own>[]) {}
}

/** A Python dict or OrderedDict; keys that are not strings are dropped. */
export class PickleDict<Own extends object> {
  readonly entries = new Map<string, PickleValue<Own>>();
}

/** A class or function that the stream names. It is a name only: nothing is looked up, imported or called. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** What a pickle is made of; `Own` are the objects that its dialect makes of calls. */
export type PickleValue<Own extends object> =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue<Own>[]
  | PickleTuple<Own>
  | PickleDict<Own>
  | PickleGlobal
  | Own;
