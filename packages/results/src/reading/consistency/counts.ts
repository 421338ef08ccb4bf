import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, requireThat } from './contradiction.js';

/** Metrics that count something. */
const counting =
  /^(faces|facesNotFound|subjects|probes|pairs\.\w+|gallery\d+\.(entries|mated|nonMated|hits\.\d+)|(misses|falsePositives)\.\w+)$/;

/** Metrics that are fractions. */
const shares = /^(coco\.\w+\.\w+|auc|eer|gallery\d+\.tpir\.[\d.]+)$/;

/**
 * What of a record's counts and shares cannot be: a count that is negative or no whole number, a share outside 0 to 1, more
 * hits than searches, another number of images than it holds, more images resumed than there are.
 */
export function findCountContradictions({ metrics = {}, dataset, images, resumed }: ResultRecord): Contradiction[] {
  const found = Object.entries(metrics).flatMap(([name, value]) => {
    const path = `metrics.${name}`;
    if (counting.test(name)) {
      return requireThat(Number.isInteger(value) && value >= 0, path, 'a whole number of at least 0', value);
    }
    return shares.test(name) ? requireThat(value >= 0 && value <= 1, path, 'from 0 to 1', value) : [];
  });
  for (const [name, hits] of Object.entries(metrics)) {
    const gallery = /^(gallery\d+)\.hits\.\d+$/.exec(name)?.[1];
    const mated = gallery === undefined ? undefined : metrics[`${gallery}.mated`];
    if (mated !== undefined) {
      found.push(...requireThat(hits <= mated, `metrics.${name}`, `at most ${mated}, its mated probes`, hits));
    }
  }
  if (dataset !== undefined && images !== undefined) {
    found.push(
      ...requireThat(
        dataset.images === images.length,
        'dataset.images',
        `${images.length}, its images`,
        dataset.images,
      ),
    );
  }
  if (resumed !== undefined) {
    const most = dataset?.images ?? Infinity;
    found.push(
      ...requireThat(resumed.images <= most, 'resumed.images', `at most ${most}, its images`, resumed.images),
      ...requireThat(
        resumed.earliest <= resumed.latest,
        'resumed.latest',
        `not before ${resumed.earliest}`,
        resumed.latest,
      ),
    );
  }
  return found;
}
