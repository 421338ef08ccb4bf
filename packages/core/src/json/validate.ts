import { describeJson, shortenText } from './describe.js';
import type { JsonSchema } from './schema.js';

/** One disagreement of a value with a schema. */
export interface JsonViolation {
  /** Where: `ap.hard`, `curves.easy.recall[3]`; empty for the value itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  /** Of an unknown property: those that there are. */
  readonly known?: readonly string[];
}

/** Most characters of a path that a message shows; its keys may be of any length. */
const longestPath = 120;

/**
 * Hold a JSON value against a schema.
 *
 * @returns every disagreement, in document order; empty if the value is valid. Own properties only: a key such as
 * `__proto__` is an unknown property like any other.
 * Cost: O(size of value); for `oneOf`, times its branches.
 */
export function validateJson(schema: JsonSchema, value: unknown): JsonViolation[] {
  const violations: JsonViolation[] = [];
  check(schema, value, '', violations);
  return violations;
}

/** The violations as one line for an error message, at most five of them. */
export function describeViolations(violations: readonly JsonViolation[]): string {
  const shown = violations
    .slice(0, 5)
    .map(
      ({ path, expected, actual, known }) =>
        `${shortenText(path, longestPath) || 'the value'}: expected ${expected}, got ${actual}${known === undefined ? '' : ` (there are ${shortenText(known.join(', '), 2 * longestPath)})`}`,
    );
  if (violations.length > shown.length) shown.push(`and ${violations.length - shown.length} more`);
  return shown.join('; ');
}

function check(schema: JsonSchema, value: unknown, path: string, out: JsonViolation[]): void {
  const report = (expected: string): void => {
    out.push({ path, expected, actual: describeJson(value) });
  };
  if (schema.const !== undefined && value !== schema.const) report(JSON.stringify(schema.const));
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    report(`one of ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`);
  }
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    report(schema.type);
    return;
  }
  if (schema.oneOf !== undefined) checkOneOf(schema.oneOf, value, path, out);
  if (typeof value === 'number') checkNumber(schema, value, report);
  else if (typeof value === 'string') checkString(schema, value, report);
  else if (Array.isArray(value)) checkArray(schema, value, path, out, report);
  else if (typeof value === 'object' && value !== null) checkObject(schema, value, path, out);
}

function hasType(type: NonNullable<JsonSchema['type']>, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function checkOneOf(branches: readonly JsonSchema[], value: unknown, path: string, out: JsonViolation[]): void {
  const key = discriminatorOf(branches);
  if (key !== undefined && hasType('object', value)) {
    const kind = Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
    const branch = branches.find(({ properties }) => properties?.[key]?.const === kind);
    if (branch !== undefined) check(branch, value, path, out);
    else {
      const kinds = branches.map(({ properties }) => JSON.stringify(properties?.[key]?.const)).join(', ');
      out.push({
        path: path === '' ? key : `${path}.${key}`,
        expected: `one of ${kinds}`,
        actual: describeJson(kind),
      });
    }
    return;
  }
  const results = branches.map((branch) => {
    const found: JsonViolation[] = [];
    check(branch, value, path, found);
    return found;
  });
  const matching = results.filter((found) => found.length === 0).length;
  if (matching === 1) return;
  if (matching > 1) out.push({ path, expected: 'exactly one of the alternatives', actual: `${matching} that match` });
  else for (const violation of closest(results)) out.push(violation);
}

/** The property by whose constant alone all alternatives differ (`kind`, `rule`); undefined if there is none. */
function discriminatorOf(branches: readonly JsonSchema[]): string | undefined {
  const candidates = Object.keys(branches[0]?.properties ?? {});
  return candidates.find((key) => {
    const constants = branches.map(({ properties, required }) =>
      required?.includes(key) ? properties?.[key]?.const : undefined,
    );
    return constants.every((value) => value !== undefined) && new Set(constants).size === branches.length;
  });
}

function closest(results: readonly JsonViolation[][]): readonly JsonViolation[] {
  return results.reduce((best, found) => (found.length < best.length ? found : best));
}

function checkNumber(schema: JsonSchema, value: number, report: (expected: string) => void): void {
  if (schema.minimum !== undefined && value < schema.minimum) report(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) report(`at most ${schema.maximum}`);
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) {
    report(`more than ${schema.exclusiveMinimum}`);
  }
}

function checkString(schema: JsonSchema, value: string, report: (expected: string) => void): void {
  if (schema.minLength !== undefined && [...value].length < schema.minLength) {
    report(`at least ${schema.minLength} characters`);
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    report(`text matching ${schema.pattern}`);
  }
}

function checkArray(
  schema: JsonSchema,
  value: readonly unknown[],
  path: string,
  out: JsonViolation[],
  report: (expected: string) => void,
): void {
  if (schema.minItems !== undefined && value.length < schema.minItems) report(`at least ${schema.minItems} items`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) report(`at most ${schema.maxItems} items`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) report(`at most ${schema.maxItems} items`);
  const { items } = schema;
  if (items !== undefined) {
    value.forEach((item, index) => {
      check(items, item, `${path}[${index}]`, out);
    });
  }
}

function checkObject(schema: JsonSchema, value: object, path: string, out: JsonViolation[]): void {
  const join = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) out.push({ path: join(key), expected: 'a value', actual: 'nothing' });
  }
  for (const [key, item] of Object.entries(value)) {
    const property = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (property !== undefined) check(property, item, join(key), out);
    else if (schema.additionalProperties === false) {
      const known = Object.keys(schema.properties ?? {});
      const violation = { path: join(key), expected: 'no such property', actual: describeJson(item) };
      out.push(known.length === 0 ? violation : { ...violation, known });
    } else if (typeof schema.additionalProperties === 'object') {
      check(schema.additionalProperties, item, join(key), out);
    }
  }
}
