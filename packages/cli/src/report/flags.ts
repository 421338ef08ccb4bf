import type { Split } from '@retinabench/results';
import type { OutputFlags } from '../terminal/flags.js';

/** The flags of `retinabench report`. */
export interface ReportFlags extends OutputFlags {
  readonly out?: string;
  readonly title: string;
  readonly baseline: readonly string[];
  readonly history: string;
  readonly markdown?: boolean;
  readonly watch?: boolean;
  readonly gallery?: number;
  readonly pred: readonly string[];
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly split: Split;
  readonly galleryMb: number;
  readonly resamples?: number;
}
