import type { OutputFlags } from '../terminal/flags.js';

/** The flags of `retinabench view`. */
export interface ViewFlags extends OutputFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly pred: readonly string[];
  readonly port: number;
  readonly at?: string;
  readonly open?: boolean;
  readonly force?: boolean;
}
