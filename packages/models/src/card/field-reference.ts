import type { JsonSchema } from '@retinabench/core';
import { cardSchema } from './schema.js';

/**
 * The fields of a card as a Markdown table, one row each, from the descriptions of its JSON Schema: `docs/card-fields.md` is
 * this text.
 */
export function cardFieldReference(): string {
  const rows = rowsOf(cardSchema, '');
  return [
    '# Fields of a model card',
    '',
    'Generated from the JSON Schema of the card (`card.schema.json` of `@retinabench/models`); docs/models.md explains them.',
    'Fields in brackets may be left out.',
    '',
    '| field | value | meaning |',
    '|---|---|---|',
    ...rows.map(([field, value, meaning]) => `| ${field} | ${value} | ${meaning} |`),
    '',
  ].join('\n');
}

type Row = readonly [field: string, value: string, meaning: string];

function rowsOf(schema: JsonSchema, path: string): Row[] {
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap((branch) => branchRows(branch, path));
  if (schema.type === 'array' && schema.items !== undefined) return rowsOf(schema.items, `${path}[]`);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): Row[] => {
    const field = path === '' ? name : `${path}.${name}`;
    const shown = required.has(name) ? `\`${field}\`` : `[\`${field}\`]`;
    return [[shown, valueWords(property), property.description ?? ''], ...rowsOf(property, field)];
  });
}

/** A branch is named by its constant: `decoder (composed)`. */
function branchRows(branch: JsonSchema, path: string): Row[] {
  if (branch.properties === undefined) return [];
  const constant = Object.values(branch.properties).find((property) => property.const !== undefined)?.const;
  const rows = rowsOf(branch, path);
  if (constant === undefined) return rows;
  return rows.map(([field, value, meaning]) => [field, value, `${meaning}${meaning === '' ? '' : ' '}(${constant})`]);
}

function valueWords(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.oneOf !== undefined) return [...new Set(schema.oneOf.map(valueWords))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'values' : valueWords(schema.items)}`;
  return schema.type ?? 'value';
}
