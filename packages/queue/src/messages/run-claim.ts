import { objectSchema } from '@retinabench/core';
import type { ProcessIdentity } from '@retinabench/files';
import { boundedCount, boundedText } from './bounded.js';

/** Whose a run is: the process that gives out its units. */
export interface RunClaim {
  readonly token: string;
  readonly process: ProcessIdentity;
}

/** `RunClaim` as JSON Schema. */
export const claimSchema = objectSchema({
  token: { ...boundedText, minLength: 8 },
  process: objectSchema({ pid: { ...boundedCount, minimum: 1 }, host: boundedText, started: boundedText }),
});
