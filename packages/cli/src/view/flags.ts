import type { OutputFlags } from '../terminal/flags.js';

/** Flags that say where what records were made of lies. */
export interface SourceFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly pred: readonly string[];
  /** Take predictions although the numbers of the record are not theirs; `never`: the command has no such flag. */
  readonly force?: boolean | 'never';
}

/** The flags of `retinabench view`. */
export interface ViewFlags extends OutputFlags, SourceFlags {
  readonly port: number;
  readonly at?: string;
  readonly open?: boolean;
}
