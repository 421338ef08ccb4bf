/**
 * The TypeScript type of the values that a JSON schema describes, of a schema whose type is its literal (`as const`). Covers
 * what RetinaBench's schemas use; bounds and patterns have no type.
 */
export type FromSchema<Schema> = Schema extends { readonly const: infer Constant }
  ? Constant
  : Schema extends { readonly enum: readonly (infer Option)[] }
    ? Option
    : Schema extends { readonly oneOf: readonly (infer Option)[] }
      ? OneOf<Option>
      : Schema extends { readonly type: 'object' }
        ? FromObject<Schema>
        : Schema extends { readonly type: 'array' }
          ? FromArray<Schema>
          : Schema extends { readonly type: 'string' }
            ? string
            : Schema extends { readonly type: 'number' | 'integer' }
              ? number
              : Schema extends { readonly type: 'boolean' }
                ? boolean
                : never;

/** Distributes over the alternatives. */
type OneOf<Option> = Option extends unknown ? FromSchema<Option> : never;

type FromObject<Schema> = (Schema extends { readonly properties: infer Properties }
  ? FromProperties<Properties, Schema extends { readonly required: readonly (infer Name)[] } ? Name : never>
  : unknown) &
  (Schema extends { readonly additionalProperties: infer Further }
    ? Further extends false
      ? unknown
      : Readonly<Record<string, FromSchema<Further>>>
    : unknown);

type FromProperties<Properties, Name> = {
  readonly [Key in keyof Properties & Name]: FromSchema<Properties[Key]>;
} & { readonly [Key in Exclude<keyof Properties, Name>]?: FromSchema<Properties[Key]> };

/** A list of as many items as `minItems` and `maxItems` agree on is a tuple. */
type FromArray<Schema> = Schema extends { readonly items: infer Item }
  ? Schema extends { readonly minItems: infer Count extends number; readonly maxItems: infer Most }
    ? Count extends Most
      ? Tuple<Count, FromSchema<Item>>
      : readonly FromSchema<Item>[]
    : readonly FromSchema<Item>[]
  : readonly unknown[];

type Tuple<Count extends number, Item, Items extends readonly Item[] = readonly []> = Items['length'] extends Count
  ? Items
  : Tuple<Count, Item, readonly [...Items, Item]>;

/**
 * A type of JSON values in one spelling, so that equal ones are identical: intersections as one object, all read-only,
 * tuples without the names of their items.
 */
export type Plain<Type> = Type extends string | number | boolean | undefined
  ? Type
  : Type extends readonly (infer Item)[]
    ? number extends Type['length']
      ? readonly Plain<Item>[]
      : Tuple<Type['length'], Plain<Item>>
    : { readonly [Key in keyof Type]: Plain<Type[Key]> };
