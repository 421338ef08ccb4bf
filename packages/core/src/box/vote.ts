import { ProtocolError, ShapeError } from '../errors.js';
import { assertIouThreshold, type IouConvention, sideOffsetPx } from './iou.js';
import { descendingOrder } from './order.js';
import { OverlapGrid } from './overlap-grid.js';

/** Settings of box voting. */
export interface VoteOptions {
  /** A box votes for a better kept box where their IoU is *at least* this; the paper uses 0.4. */
  readonly iouThreshold: number;
  /** The public code measures sides with `+ 1` (`pixel`). */
  readonly convention: IouConvention;
  /**
   * A kept box with fewer voters, itself included, is dropped. 1 keeps all (the paper's text). 2 is what the public
   * code does, under a pyramid with flip a cheap filter of boxes that one view alone has seen; that code makes one
   * exception, which we do not copy: the very last box of an image is kept even if it is alone.
   */
  readonly minimumVotes: number;
}

const grid = new OverlapGrid();
/** Sums per kept box: score * x1, y1, x2, y2, score; grown to the largest call. */
let sums = new Float64Array(0);
let votes = new Int32Array(0);

/**
 * Greedy suppression with box voting: the best box left takes all boxes left that overlap it by at least the threshold,
 * and becomes their mean, weighted by score; repeat. The overlap is measured against the best box itself, not the mean.
 * The score of a voted box is that of its best voter, the kept box.
 *
 * @param boxesXyxy Float32Array [N, 4]: (x1, y1, x2, y2), any one unit; for a pyramid the union over all its views.
 * @param scores    Float32Array [N], >= 0; equal scores are taken in index order. Voters of score 0 alone leave their
 *                  best box as it is.
 * @param keep      Int32Array [>= N]: receives the index of the best voter of each voted box, best first; its score and
 *                  landmarks are those of the voted box.
 * @param voted     Float32Array [>= N, 4]: receives the voted boxes in the order of `keep`. May not be `boxesXyxy`.
 * @returns the number of voted boxes.
 * @throws {ShapeError} if the lengths do not fit one N.
 * @throws {ProtocolError} if a setting is out of range.
 * Cost: as nms; sums in float64; allocates only when N exceeds that of every earlier call.
 * Source: arXiv:1905.00641, section 4.3; Gidaris and Komodakis, ICCV 2015; the greedy form is that of the public
 * `bbox_vote`, without its cap of 750 boxes.
 */
export function voteBoxes(
  boxesXyxy: Float32Array,
  scores: Float32Array,
  options: VoteOptions,
  keep: Int32Array,
  voted: Float32Array,
): number {
  const count = scores.length;
  if (boxesXyxy.length !== count * 4 || keep.length < count || voted.length < count * 4) {
    throw new ShapeError(
      `voteBoxes: expected boxes [${count}, 4], keep of at least ${count} and voted of at least [${count}, 4] for ${count} scores, got lengths ${boxesXyxy.length}, ${keep.length} and ${voted.length}`,
    );
  }
  assertIouThreshold('voteBoxes', options.iouThreshold);
  if (!(options.minimumVotes >= 1)) {
    throw new ProtocolError(`voteBoxes: minimumVotes: expected a number of at least 1, got ${options.minimumVotes}`);
  }
  if (votes.length < count) {
    votes = new Int32Array(count);
    sums = new Float64Array(count * 5);
  }
  const order = descendingOrder(scores);
  const offsetPx = sideOffsetPx(options.convention);
  grid.start(boxesXyxy, options.iouThreshold);
  for (let rank = 0; rank < count; rank++) {
    grid.place(boxesXyxy, order[rank], offsetPx);
    let cluster = grid.firstOverlap();
    if (cluster < 0) {
      cluster = grid.count;
      keep[cluster] = order[rank];
      votes[cluster] = 0;
      sums.fill(0, cluster * 5, cluster * 5 + 5);
      grid.keep();
    }
    votes[cluster]++;
    addVote(boxesXyxy, order[rank], scores[order[rank]], cluster);
  }
  return writeVoted(boxesXyxy, grid.count, options.minimumVotes, keep, voted);
}

function addVote(boxesXyxy: Float32Array, index: number, weight: number, cluster: number): void {
  for (let corner = 0; corner < 4; corner++) sums[cluster * 5 + corner] += weight * boxesXyxy[index * 4 + corner];
  sums[cluster * 5 + 4] += weight;
}

/** Divide the sums, dropping clusters of too few votes; compacts `keep` and fills `voted`. */
function writeVoted(
  boxesXyxy: Float32Array,
  clusters: number,
  minimumVotes: number,
  keep: Int32Array,
  voted: Float32Array,
): number {
  let kept = 0;
  for (let cluster = 0; cluster < clusters; cluster++) {
    if (votes[cluster] < minimumVotes) continue;
    const best = keep[cluster];
    const weight = sums[cluster * 5 + 4];
    const alone = votes[cluster] === 1 || !(weight > 0);
    for (let corner = 0; corner < 4; corner++) {
      voted[kept * 4 + corner] = alone ? boxesXyxy[best * 4 + corner] : sums[cluster * 5 + corner] / weight;
    }
    keep[kept++] = best;
  }
  return kept;
}
