import { averagePrecision } from '../../ap/average-precision.js';
import { type Curve, curvesOfImages, type ImageCurves, sumCurves, sumCurvesOf } from '../../ap/image-curves.js';
import type { ResultRecord } from '../../record/record.js';
import { type Split, splits } from '../../record/split.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

/**
 * Contradictions within a WIDER record: AP, counts and event bins from the points of its images, AP from
 * its curve, bounds of intervals and counts.
 *
 * @throws {DatasetError} if the points of an image are malformed.
 * Cost: O(points + images) a split; 50 ms on full WIDER FACE validation.
 */
export function findWiderContradictions(record: ResultRecord): Contradiction[] {
  const { images } = record;
  const curvesOf = (split: Split): ImageCurves | undefined =>
    images === undefined ? undefined : curvesOfImages(images, split);
  const hard = curvesOf('hard');
  return [
    ...splits.flatMap((split) => [
      ...checkAp(record, split, split === 'hard' ? hard : curvesOf(split)),
      ...checkInterval(`interval.${split}`, record.interval?.[split], record.ap?.[split]),
      ...checkCounts(record, split),
      ...checkMetrics(record, split),
    ]),
    ...checkImageNames(record),
    ...checkBreakdown(record, hard),
  ];
}

function checkAp(record: ResultRecord, split: Split, curves: ImageCurves | undefined): Contradiction[] {
  const ap = record.ap?.[split];
  const path = `ap.${split}`;
  const found: Contradiction[] = [];
  if (curves !== undefined) {
    const curve = sumCurves(curves);
    found.push(...checkImagePoints(record, split, curves), ...checkSums(record, split, curve));
    if (curve.faces > 0) {
      const expected = averagePrecision(curve.proposals, curve.truePositives, curve.faces);
      found.push(
        ...(ap === undefined
          ? requireThat(record.ap === undefined, path, `${expected}, the AP of its images' points`, 'nothing')
          : requireEqual(path, expected, ap, "the AP of its images' points")),
      );
    } else {
      found.push(...requireThat(ap === undefined, path, 'no AP, for its images count no face', ap ?? ''));
    }
  }
  const curve = record.curves?.[split];
  if (curve === undefined) return found;
  const { precision, recall } = curve;
  const shape = requireThat(
    precision.length === recall.length && recall.every((value, at) => at === 0 || value >= recall[at - 1]),
    `curves.${split}`,
    'as many precisions as recalls, and recall that never falls',
    `${precision.length} and ${recall.length}`,
  );
  if (shape.length > 0 || ap === undefined) return [...found, ...shape];
  return [...found, ...requireEqual(path, apOfPoints(precision, recall), ap, 'the AP of its curve')];
}

/** AP of a curve as records have it: the thresholds without proposals are left out. */
function apOfPoints(precision: readonly number[], recall: readonly number[]): number {
  let ap = 0;
  let envelope = 0;
  for (let at = precision.length - 1; at >= 0; at--) {
    envelope = Math.max(envelope, precision[at]);
    ap += (recall[at] - (at === 0 ? 0 : recall[at - 1])) * envelope;
  }
  return Math.min(ap, 1);
}

/** No image finds more faces than it has, and no point more than it proposes. */
function checkImagePoints({ images = [] }: ResultRecord, split: Split, curves: ImageCurves): Contradiction[] {
  for (let image = 0; image < images.length; image++) {
    const path = `images.${images[image].name}.points.${split}`;
    let found = 0;
    for (let point = curves.start[image]; point < curves.start[image + 1]; point++) {
      if (curves.truePositives[point] > curves.proposals[point]) {
        return [{ path, expected: 'no more true positives than proposals', actual: 'more' }];
      }
      found += curves.truePositives[point];
    }
    if (found > curves.faces[image]) {
      return [{ path, expected: `at most ${curves.faces[image]} true positives, its faces`, actual: String(found) }];
    }
  }
  return [];
}

function checkSums({ counts }: ResultRecord, split: Split, curve: Curve): Contradiction[] {
  if (counts === undefined) return [];
  const from = "the sum of its images' points";
  const last = curve.proposals.length - 1;
  const { truePositives, proposals, faces } = counts[split];
  return [
    ...requireEqual(`counts.${split}.truePositives`, curve.truePositives[last], truePositives, from),
    ...requireEqual(`counts.${split}.proposals`, curve.proposals[last], proposals, from),
    ...requireEqual(`counts.${split}.faces`, curve.faces, faces, from),
  ];
}

function checkCounts({ counts, curves }: ResultRecord, split: Split): Contradiction[] {
  if (counts === undefined) return [];
  const { truePositives, proposals, faces } = counts[split];
  const path = `counts.${split}.truePositives`;
  const found = requireThat(
    truePositives <= Math.min(proposals, faces),
    path,
    `at most ${Math.min(proposals, faces)}, its proposals and faces`,
    truePositives,
  );
  const recall = curves?.[split]?.recall.at(-1);
  const precision = curves?.[split]?.precision.at(-1);
  if (recall === undefined || precision === undefined || faces === 0 || proposals === 0) return found;
  return [
    ...found,
    ...requireEqual(`curves.${split}.recall`, truePositives / faces, recall, 'true positives over faces, at its end'),
    ...requireEqual(
      `curves.${split}.precision`,
      truePositives / proposals,
      precision,
      'true positives over proposals, at its end',
    ),
  ];
}

function checkMetrics({ metrics, counts }: ResultRecord, split: Split): Contradiction[] {
  const misses = metrics?.[`misses.${split}`];
  if (misses === undefined || counts === undefined) return [];
  const { faces } = counts[split];
  return requireThat(misses <= faces, `metrics.misses.${split}`, `at most ${faces}, its faces`, misses);
}

function checkImageNames({ images }: ResultRecord): Contradiction[] {
  if (images === undefined) return [];
  const names = new Set<string>();
  for (const { name } of images) {
    if (names.has(name)) return [{ path: 'images', expected: 'every image once', actual: `${name} twice` }];
    names.add(name);
  }
  return [];
}

function checkBreakdown({ breakdown, images, counts }: ResultRecord, hard: ImageCurves | undefined): Contradiction[] {
  const most = counts?.hard.faces;
  const found = Object.entries(breakdown ?? {}).flatMap(([by, bins]) => {
    const faces = Object.values(bins).reduce((sum, bin) => sum + bin.faces, 0);
    return most === undefined
      ? []
      : requireThat(faces <= most, `breakdown.${by}`, `at most ${most} faces in all, those of hard`, faces);
  });
  const events = breakdown?.event;
  if (events === undefined || images === undefined || hard === undefined) return found;
  const imagesOf = imagesOfEvents(images);
  for (const [event, bin] of Object.entries(events)) {
    const path = `breakdown.event.${event}`;
    const { proposals, truePositives, faces } = sumCurvesOf(hard, imagesOf.get(event) ?? []);
    found.push(...requireEqual(`${path}.faces`, faces, bin.faces, "the sum of its images' faces"));
    if (faces === 0) continue;
    const recall = truePositives[truePositives.length - 1] / faces;
    const from = "from its images' points";
    found.push(
      ...requireEqual(`${path}.ap`, averagePrecision(proposals, truePositives, faces), bin.ap, from),
      ...requireEqual(`${path}.recall`, recall, bin.recall, from),
    );
  }
  return found;
}

/** Positions of the images of each event, the folder of their names. */
function imagesOfEvents(images: NonNullable<ResultRecord['images']>): ReadonlyMap<string, readonly number[]> {
  const imagesOf = new Map<string, number[]>();
  for (let image = 0; image < images.length; image++) {
    const { name } = images[image];
    const event = name.slice(0, Math.max(name.indexOf('/'), 0));
    const own = imagesOf.get(event);
    if (own === undefined) imagesOf.set(event, [image]);
    else own.push(image);
  }
  return imagesOf;
}
