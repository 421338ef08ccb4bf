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
  const check: Check = { keys: [], violations: [] };
  checkValue(schema, value, check);
  return check.violations;
}

/** A check under way: the keys that lead to the value at hand, and what was found so far. */
interface Check {
  readonly keys: (string | number)[];
  readonly violations: JsonViolation[];
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

/** Where the value at hand stands; made only for what is reported. */
function pathOf(keys: readonly (string | number)[]): string {
  let path = '';
  for (const key of keys) path += typeof key === 'number' ? `[${key}]` : path === '' ? key : `.${key}`;
  return path;
}

function report(expected: string, value: unknown, { keys, violations }: Check): void {
  violations.push({ path: pathOf(keys), expected, actual: describeJson(value) });
}

function checkValue(schema: JsonSchema, value: unknown, check: Check): void {
  if (schema.const !== undefined && value !== schema.const) report(JSON.stringify(schema.const), value, check);
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    report(`one of ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`, value, check);
  }
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    report(schema.type, value, check);
    return;
  }
  if (schema.oneOf !== undefined) checkOneOf(schema.oneOf, value, check);
  if (typeof value === 'number') checkNumber(schema, value, check);
  else if (typeof value === 'string') checkString(schema, value, check);
  else if (Array.isArray(value)) checkArray(schema, value, check);
  else if (typeof value === 'object' && value !== null) checkObject(schema, value as Record<string, unknown>, check);
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

function checkOneOf(branches: readonly JsonSchema[], value: unknown, check: Check): void {
  const { keys, violations } = check;
  const key = discriminatorOf(branches);
  if (key !== undefined && hasType('object', value)) {
    const kind = Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
    const branch = branches.find(({ properties }) => properties?.[key]?.const === kind);
    if (branch !== undefined) checkValue(branch, value, check);
    else {
      const kinds = branches.map(({ properties }) => JSON.stringify(properties?.[key]?.const)).join(', ');
      violations.push({ path: pathOf([...keys, key]), expected: `one of ${kinds}`, actual: describeJson(kind) });
    }
    return;
  }
  const results = branches.map((branch) => {
    const found: JsonViolation[] = [];
    checkValue(branch, value, { keys, violations: found });
    return found;
  });
  const matching = results.filter((found) => found.length === 0).length;
  if (matching === 1) return;
  if (matching > 1) {
    violations.push({
      path: pathOf(keys),
      expected: 'exactly one of the alternatives',
      actual: `${matching} that match`,
    });
  } else for (const violation of closest(results)) violations.push(violation);
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

function checkNumber(schema: JsonSchema, value: number, check: Check): void {
  if (schema.minimum !== undefined && value < schema.minimum) report(`at least ${schema.minimum}`, value, check);
  if (schema.maximum !== undefined && value > schema.maximum) report(`at most ${schema.maximum}`, value, check);
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) {
    report(`more than ${schema.exclusiveMinimum}`, value, check);
  }
}

/** The compiled patterns of schemas; schemas are constants of the code, so that there are few. */
const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(source, 'u');
    patterns.set(source, pattern);
  }
  return pattern;
}

function checkString(schema: JsonSchema, value: string, check: Check): void {
  const { minLength, maxLength, pattern } = schema;
  // A character takes one or two units of a string.
  if (minLength !== undefined && value.length < 2 * minLength && [...value].length < minLength) {
    report(`at least ${minLength} characters`, value, check);
  }
  // Not a pattern on a text of any length.
  if (maxLength !== undefined && value.length > maxLength) {
    report(`at most ${maxLength} characters`, value, check);
    return;
  }
  if (pattern !== undefined && !patternOf(pattern).test(value)) report(`text matching ${pattern}`, value, check);
}

function checkArray(schema: JsonSchema, value: readonly unknown[], check: Check): void {
  const { items, minItems, maxItems } = schema;
  if (minItems !== undefined && value.length < minItems) report(`at least ${minItems} items`, value, check);
  if (maxItems !== undefined && value.length > maxItems) report(`at most ${maxItems} items`, value, check);
  if (items === undefined) return;
  for (let index = 0; index < value.length; index++) {
    check.keys.push(index);
    checkValue(items, value[index], check);
    check.keys.pop();
  }
}

function checkObject(schema: JsonSchema, value: Readonly<Record<string, unknown>>, check: Check): void {
  const { keys, violations } = check;
  const { required = [], properties, additionalProperties } = schema;
  for (const key of required) {
    if (!Object.hasOwn(value, key)) {
      violations.push({ path: pathOf([...keys, key]), expected: 'a value', actual: 'nothing' });
    }
  }
  for (const key of Object.keys(value)) {
    const item = value[key];
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property === undefined && additionalProperties === false) {
      const known = Object.keys(properties ?? {});
      const violation = {
        path: pathOf([...keys, key]),
        expected: 'no such property',
        actual: describeJson(item),
      };
      violations.push(known.length === 0 ? violation : { ...violation, known });
      continue;
    }
    const further = property ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (further === undefined) continue;
    keys.push(key);
    checkValue(further, item, check);
    keys.pop();
  }
}
