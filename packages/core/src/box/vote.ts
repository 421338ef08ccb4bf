import { ProtocolError, ShapeError } from '../errors.js';
import { cornersIou } from './corners-iou.js';
import { assertIouThreshold, type IouConvention, sideOffsetPx } from './iou.js';
import { LiveBoxes } from './live-boxes.js';
import { descendingOrder } from './order.js';
import { lowestPrunedIou, OverlapGrid } from './overlap-grid.js';

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

/** Sums of the votes for each kept box. */
interface Clusters {
  /** Per kept box: score * x1, y1, x2, y2, score. */
  readonly sums: Float64Array;
  readonly votes: Int32Array;
}

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
 * @param grid      memory to work in; give one that lives as long as a stream of images.
 * @returns the number of voted boxes.
 * @throws {ShapeError} if the lengths do not fit one N, or N is above 2^21.
 * @throws {ProtocolError} if a setting is out of range.
 * Cost: as nms, below an IoU of 0.04, too; sums in float64; allocates 44 N bytes.
 * Source: arXiv:1905.00641, section 4.3; Gidaris and Komodakis, ICCV 2015; the greedy form is that of the public
 * `bbox_vote`, without its cap of 750 boxes.
 */
export function voteBoxes(
  boxesXyxy: Float32Array,
  scores: Float32Array,
  options: VoteOptions,
  keep: Int32Array,
  voted: Float32Array,
  grid: OverlapGrid = new OverlapGrid(),
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
  const clusters: Clusters = { sums: new Float64Array(count * 5), votes: new Int32Array(count) };
  const order = descendingOrder(scores);
  const offsetPx = sideOffsetPx(options.convention);
  if (options.iouThreshold < lowestPrunedIou) {
    const ranked = Int32Array.from(order.subarray(0, count));
    const kept = takeVotes(boxesXyxy, scores, ranked, options.iouThreshold, offsetPx, keep, clusters);
    return writeVoted(boxesXyxy, clusters, kept, options.minimumVotes, keep, voted);
  }
  grid.start(boxesXyxy, options.iouThreshold);
  for (let rank = 0; rank < count; rank++) {
    grid.place(boxesXyxy, order[rank], offsetPx);
    let cluster = grid.firstOverlap();
    if (cluster < 0) {
      cluster = grid.count;
      keep[cluster] = order[rank];
      grid.keep();
    }
    clusters.votes[cluster]++;
    addVote(clusters.sums, cluster, boxesXyxy, order[rank], scores[order[rank]]);
  }
  return writeVoted(boxesXyxy, clusters, grid.count, options.minimumVotes, keep, voted);
}

/**
 * Keep the best box left, take the votes of those left that overlap it by at least the threshold, repeat: the same, from the kept
 * box's side. Votes are added in the order of the scores, so that the sums are the same to the last bit.
 */
function takeVotes(
  boxesXyxy: Float32Array,
  scores: Float32Array,
  order: Int32Array,
  iouThreshold: number,
  offsetPx: 0 | 1,
  keep: Int32Array,
  { sums, votes }: Clusters,
): number {
  const rankOf = new Int32Array(order.length);
  order.forEach((index, rank) => {
    rankOf[index] = rank;
  });
  const boxes = new LiveBoxes(boxesXyxy, order, order.length, offsetPx);
  let kept = 0;
  for (const best of order) {
    if (!boxes.isLive(best)) continue;
    boxes.remove(best);
    const voters = [rankOf[best]];
    boxes.forEachNear(best, (other) => {
      if (!(cornersIou(boxesXyxy, best, other, offsetPx) >= iouThreshold)) return;
      boxes.remove(other);
      voters.push(rankOf[other]);
    });
    for (const rank of voters.sort((a, b) => a - b)) {
      addVote(sums, kept, boxesXyxy, order[rank], scores[order[rank]]);
    }
    votes[kept] = voters.length;
    keep[kept++] = best;
  }
  return kept;
}

function addVote(sums: Float64Array, cluster: number, boxesXyxy: Float32Array, index: number, weight: number): void {
  for (let corner = 0; corner < 4; corner++) sums[cluster * 5 + corner] += weight * boxesXyxy[index * 4 + corner];
  sums[cluster * 5 + 4] += weight;
}

/** Divide the sums, dropping clusters of too few votes; compacts `keep` and fills `voted`. */
function writeVoted(
  boxesXyxy: Float32Array,
  { sums, votes }: Clusters,
  count: number,
  minimumVotes: number,
  keep: Int32Array,
  voted: Float32Array,
): number {
  let kept = 0;
  for (let cluster = 0; cluster < count; cluster++) {
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
