import { ProtocolError } from '@retinabench/core/basics';
import { readTextFile } from '../terminal/read-text-file.js';
import type { AppliedScoreMap } from './applied-score-map.js';
import type { ScoreMapFlags } from './score-map-flags.js';

/**
 * The map that the flags name; what reads and applies it is loaded where they name one.
 *
 * @returns undefined if they name none.
 * @throws {DatasetError}, {ProtocolError} if the file cannot be read or is no map, or `--score-map-force` stands alone.
 */
export async function loadScoreMap(flags: ScoreMapFlags): Promise<AppliedScoreMap | undefined> {
  const { scoreMap, scoreMapForce } = flags;
  if (scoreMap === undefined) {
    if (scoreMapForce === true) throw new ProtocolError('--score-map-force is a setting of --score-map; give it, too');
    return undefined;
  }
  const text = await readTextFile(scoreMap, 'a score map', 'make one with retinabench calibrate');
  const [{ parseScoreMap }, { AppliedScoreMap }] = await Promise.all([
    import('@retinabench/eval-detection'),
    import('./applied-score-map.js'),
  ]);
  return new AppliedScoreMap(parseScoreMap(text, scoreMap), scoreMap, scoreMapForce === true);
}
