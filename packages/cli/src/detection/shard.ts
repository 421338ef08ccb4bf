import { ProtocolError } from '@retinabench/core';

/** One of several parts of a data set. */
export interface Shard {
  /** 1-based. */
  readonly index: number;
  readonly count: number;
}

/**
 * Read `--shard i/n`.
 *
 * @throws {ProtocolError} if it is not two whole numbers with 1 <= i <= n.
 */
export function parseShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, count] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [0, 0];
  if (!(index >= 1 && index <= count)) {
    throw new ProtocolError(`--shard: expected i/n with 1 <= i <= n, such as 2/4, got ${JSON.stringify(text)}`);
  }
  return { index, count };
}

/** Every n-th item from the i-th on, so that shards are of equal size and cover all events. */
export function takeShard<Item>(items: readonly Item[], shard: Shard | undefined): readonly Item[] {
  if (shard === undefined) return items;
  return items.filter((_, position) => position % shard.count === shard.index - 1);
}
