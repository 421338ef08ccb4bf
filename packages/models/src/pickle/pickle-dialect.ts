import type { PickleMeaning, PicklePoint } from './pickle-meaning.js';
import type { PickleOperation } from './pickle-operations.js';

/** What a reader takes of the pickles of its files. All that they name means here what the dialect says, and nothing else. */
export interface PickleDialect<Own extends object> extends PickleMeaning<Own> {
  /** Operations that are read; every other is refused. */
  readonly operations: ReadonlySet<PickleOperation>;
  /** The error for an operation that is not read. */
  readonly refused: (code: number, at: PicklePoint) => Error;
}
