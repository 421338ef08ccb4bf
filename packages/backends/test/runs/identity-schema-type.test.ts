import { expectTypeOf, test } from 'vitest';
import type { FromSchema, Plain } from '../../../core/test/support/from-schema.js';
import type { identitySchema, RunIdentity } from '../../src/runs/run-identity.js';

/** The compiler holds it: `npm run typecheck` fails where they do not agree. */
test("the schema of a run folder's identity describes RunIdentity: the same fields, required or not, of the same types", () => {
  expectTypeOf<Plain<FromSchema<typeof identitySchema>>>().toEqualTypeOf<Plain<RunIdentity>>();
});
