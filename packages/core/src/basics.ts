// What every package takes of `core`: errors, JSON, text, hashes and seeded numbers, without the method of the paper.
export {
  BackendError,
  DatasetError,
  EnvironmentError,
  isRetinaBenchError,
  ModelError,
  ProtocolError,
  type RetinaBenchError,
  ShapeError,
} from './errors.js';
export { sha256Hex } from './hash/sha256.js';
export { canonicalJson, canonicalJsonParts } from './json/canonical.js';
export { closestName } from './json/closest-name.js';
export { describeJson, shortenText } from './json/describe.js';
export { jsonParts } from './json/json-parts.js';
export { type ObjectSchema, objectSchema, objectSchemaWithOptional } from './json/object-schema.js';
export { parseUniqueJson } from './json/parse-unique-json.js';
export { checkJson, type JsonContract, readJson, readUncheckedJson } from './json/read-json.js';
export type { JsonSchema } from './json/schema.js';
export { describeViolations, type JsonViolation, validateJson } from './json/validate.js';
export { drawUnits, resample } from './random/resample.js';
export { seededRandom } from './random/seeded-random.js';
export { shuffle } from './random/shuffle.js';
export { type CsvCell, csvField, csvRow, guardFormula, withoutGuard } from './text/csv-row.js';
export { decodeText } from './text/decode-text.js';
export { refuseLfsPointer } from './text/lfs-pointer.js';
export { parseNumber } from './text/parse-number.js';
export { parsePlainRow } from './text/parse-plain-row.js';
export { printable } from './text/printable.js';
