import {
  closestName,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  ProtocolError,
  readJson,
} from '@retinabench/core/basics';

/** What a team repeats on the command line, as `retinabench.json` or the key `retinabench` of package.json holds it. */
export interface ProjectConfig {
  /** Address of the schema, for editors. */
  readonly $schema?: string;
  /** Root of the data set. */
  readonly data?: string;
  /** Ids or paths of models. */
  readonly models?: readonly string[];
  readonly backends?: readonly string[];
  /** Scale rules. */
  readonly scales?: readonly string[];
  readonly workers?: number;
  readonly threads?: number;
  /** Score from which detect shows and writes faces. */
  readonly minScore?: number;
  /** File of the gate's rules. */
  readonly gates?: string;
  /** The accepted record that the gate compares with. */
  readonly baseline?: string;
}

const text = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const list = { type: 'array', items: text, minItems: 1 } as const satisfies JsonSchema;
const count = { type: 'integer', minimum: 1 } as const satisfies JsonSchema;

/** `ProjectConfig` as JSON Schema; published as `retinabench.schema.json` of the package. */
export const projectConfigSchema = objectSchema(
  {
    $schema: text,
    data: text,
    models: list,
    backends: list,
    scales: list,
    workers: count,
    threads: count,
    minScore: { type: 'number', minimum: 0, maximum: 1 },
    gates: text,
    baseline: text,
  },
  [],
);

const contract: JsonContract = {
  schema: projectConfigSchema,
  what: 'a configuration of retinabench',
  next: 'correct it; docs/config.md has every key',
  ErrorClass: ProtocolError,
};

/**
 * Read a configuration from JSON text.
 *
 * @param place the file's name, for messages.
 * @param key of the file's object that holds the configuration; absent: the object itself.
 * @returns undefined if the file has no such key.
 * @throws {ProtocolError} if it is not JSON, a value has another type, or a key is unknown; then with the key that was probably meant.
 */
export function parseProjectConfig(json: string, place: string, key?: string): ProjectConfig | undefined {
  if (key === undefined) {
    refuseUnknownKeys(readJson(json, place, anyObject), place);
    return readJson(json, place, contract);
  }
  const value = readJson<Record<string, unknown>>(json, place, anyObject)[key];
  if (value === undefined) return undefined;
  return parseProjectConfig(JSON.stringify(value), `${place}: ${key}`);
}

const anyObject: JsonContract = { ...contract, schema: { type: 'object' } };

function refuseUnknownKeys(config: Readonly<Record<string, unknown>>, place: string): void {
  const known = Object.keys(projectConfigSchema.properties);
  const unknown = Object.keys(config).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = closestName(unknown, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new ProtocolError(
    `${place}: expected keys of ${known.slice(1).join(', ')}, got ${JSON.stringify(unknown.slice(0, 60))}${hint}`,
  );
}
