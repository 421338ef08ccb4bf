import { formatCount, formatShare } from '@retinabench/results';
import { fpirTargets, type Identification } from '../identify/identify.js';
import type { Diagnosis } from './diagnosis.js';

/** Share of the mated probes with a tie at rank 1 from which on it is said. */
const tiedShare = 0.01;

/** Non-mated probes that have to decide a threshold before its TPIR says something. */
const fewestDeciding = 10;

/** Mated searches from which on as few hits as by chance say something. */
const fewestMated = 50;

/** What a search cannot say: ranks that ties decide, thresholds that too few non-mated probes decide. */
export function diagnoseIdentification({ galleries }: Identification): Diagnosis[] {
  const diagnoses: Diagnosis[] = [];
  const mated = galleries.reduce((sum, gallery) => sum + gallery.mated, 0);
  const tied = galleries.reduce((sum, gallery) => sum + gallery.tied, 0);
  if (tied > 0 && tied >= tiedShare * mated) {
    const hits = galleries.reduce((sum, gallery) => sum + gallery.hits['1'], 0);
    diagnoses.push({
      code: 'ranks-tied',
      level: tied === hits && tied === mated ? 'error' : 'warning',
      evidence: `${formatCount(tied)} of ${formatCount(mated)} mated searches: another entry is exactly as similar as the subject's`,
      effect: `a tie does not worsen a rank; counted against it, rank-1 is ${formatShare((hits - tied) / mated)} instead of ${formatShare(hits / mated)}`,
      fix: 'look at the features: constant, rounded or repeated ones give equal similarities',
    });
  }
  // Of galleries in random order a probe finds its subject first once in as many searches as there are entries.
  const expected = galleries.reduce((sum, gallery) => sum + gallery.mated / gallery.gallery, 0);
  const found = galleries.reduce((sum, gallery) => sum + gallery.hits['1'], 0);
  if (mated >= fewestMated && expected < mated / 4 && found <= expected + 2 * Math.sqrt(expected)) {
    diagnoses.push({
      code: 'ranks-at-chance',
      level: 'warning',
      evidence: `${formatCount(found)} of ${formatCount(mated)} mated searches find their subject first; chance finds ${expected.toFixed(1)}`,
      effect: 'ranks and TPIR are those of features that tell nobody apart',
      fix: 'check that the features are in the order of the image list, and that the embedder gets what its card says',
    });
  }
  const unresolved = fpirTargets.flatMap((target) => {
    const few = galleries.filter(
      ({ nonMated, tpir }) => tpir !== undefined && nonMated * Number(target) < fewestDeciding,
    );
    return few.length === 0 ? [] : [`${target} (of ${few.map(({ nonMated }) => formatCount(nonMated)).join(' and ')})`];
  });
  if (unresolved.length > 0) {
    diagnoses.push({
      code: 'fpir-unresolved',
      level: 'warning',
      evidence: `fewer than ${fewestDeciding} non-mated probes decide TPIR at FPIR ${unresolved.join(' and ')}`,
      effect: 'the threshold depends on a few probes: this TPIR says little, and less about a difference',
      fix: 'use a higher FPIR, or more probes whose subjects are not enrolled',
    });
  }
  return diagnoses;
}
