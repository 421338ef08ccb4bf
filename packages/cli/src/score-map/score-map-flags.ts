import type { Command } from 'commander';

/** Which map scores go through. */
export interface ScoreMapFlags {
  readonly scoreMap?: string;
  readonly scoreMapForce?: boolean;
}

/** Add the flags of `ScoreMapFlags`. */
export function addScoreMapFlags(command: Command): Command {
  return command
    .option('--score-map <file>', 'put every score through this map (retinabench calibrate makes one)')
    .option('--score-map-force', 'apply it though it was fitted to scores of another model');
}
