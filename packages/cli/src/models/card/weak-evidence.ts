import type { FaceEvidence } from '@retinabench/backends';

/** Share of the annotated faces below which a reading is doubted: sound readings of general detectors find nearly all. */
const doubtedShare = 0.8;

/**
 * A doubt about a card under which few of the annotated faces are found, as sentences; undefined where most are.
 *
 * @param evidence how many of `faces` the chosen reading has `found`, and its `ap` at IoU 0.5.
 */
export function weakEvidence({ found, faces, ap }: Pick<FaceEvidence, 'found' | 'faces' | 'ap'>): string | undefined {
  if (found >= doubtedShare * faces) return undefined;
  return `Only ${found} of ${faces} annotated faces are found (AP ${ap.toFixed(3)} at IoU 0.5). A network for a small input misses small faces; of any other the reading or the feeding is wrong: look at the picture, and hold the measured AP against the published one.`;
}
