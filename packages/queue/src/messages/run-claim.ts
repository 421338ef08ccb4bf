import { objectSchema } from '@retinabench/core';
import type { ProcessIdentity } from '@retinabench/files';

/** Whose a run is: the process that gives out its units. */
export interface RunClaim {
  readonly token: string;
  readonly process: ProcessIdentity;
}

const text = { type: 'string' } as const;

/** `RunClaim` as JSON Schema. */
export const claimSchema = objectSchema({
  token: { type: 'string', minLength: 8 },
  process: objectSchema({ pid: { type: 'integer', minimum: 1 }, host: text, started: text }),
});
