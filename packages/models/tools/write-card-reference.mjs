/** Writes the JSON Schema of the card into the package and its field reference into docs; run after a change of the schema, then format it with Biome. */
import { writeFileSync } from 'node:fs';
import { cardFieldReference } from '../dist/card/field-reference.js';
import { cardSchema } from '../dist/card/schema.js';

writeFileSync(new URL('../card.schema.json', import.meta.url), `${JSON.stringify(cardSchema, null, 2)}\n`);
writeFileSync(new URL('../../../docs/card-fields.md', import.meta.url), cardFieldReference());
