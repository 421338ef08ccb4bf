import { bytesSource } from '@retinabench/annotations';
import { groundTruthFromJson as fromSource } from '../src/ground-truth/from-json.js';
import type { WiderGroundTruth } from '../src/ground-truth/ground-truth.js';

/** Ground truth from JSON text, for messages from a file `place`. */
export function groundTruthFromJson(json: string, place: string): WiderGroundTruth {
  return fromSource(bytesSource(new TextEncoder().encode(json), place));
}
