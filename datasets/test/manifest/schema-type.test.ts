import { expectTypeOf, test } from 'vitest';
import type { FromSchema, Plain } from '../../../packages/core/test/support/from-schema.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { manifestSchema } from '../../src/manifest/schema.js';

/** The compiler holds it: `npm run typecheck` fails where they do not agree. */
test('the schema of a manifest describes Manifest: the same fields, as optional, of the same types', () => {
  expectTypeOf<Plain<FromSchema<typeof manifestSchema>>>().toEqualTypeOf<Plain<Manifest>>();
});
