import { describe, expectTypeOf, test } from 'vitest';
import type { FromSchema, Plain } from '../../../core/test/support/from-schema.js';
import type { ProtocolSettings } from '../../src/record/protocol-id.js';
import type { ResultRecord } from '../../src/record/record.js';
import type { recordSchema, settingSchema } from '../../src/record/schema.js';

/** The compiler holds these: `npm run typecheck` fails where they do not agree. */
describe('the schema of a record', () => {
  test('describes ResultRecord: the same fields, as optional, of the same types', () => {
    expectTypeOf<Plain<FromSchema<typeof recordSchema>>>().toEqualTypeOf<Plain<ResultRecord>>();
  });

  test('describes a setting of a protocol', () => {
    expectTypeOf<Plain<FromSchema<typeof settingSchema>>>().toEqualTypeOf<Plain<ProtocolSettings[string]>>();
  });
});
