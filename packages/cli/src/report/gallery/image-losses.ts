import { columnInfluence, type ResultRecord, type Split } from '@retinabench/results';

/** A number, and what of it a record loses to its images. */
export interface ImageLosses {
  /** As a page calls it: `AP hard`, `AP50`. */
  readonly number: string;
  /** By name of the image, 0..1; empty where the record does not say. */
  readonly lost: ReadonlyMap<string, number>;
}

/** Numbers of detection records that images are ranked by, the first that a record has: boxes are drawn as matched at one IoU. */
const detectionNumbers = { ap50: 'AP50', ap: 'AP', 'voc.allPoint': 'VOC AP', f1: 'F1' } as const;

/** Influences are kept to nine digits: less is none. */
const leastLoss = 1e-8;

/** A name of `detectionNumbers`. */
type DetectionNumber = keyof typeof detectionNumbers;

/**
 * What the images cost the headline number of a record: what it would be had the image been perfect (its counted faces found
 * first, no false positive), less what it is. A detection record has the influence of each image, which gives it to first order.
 *
 * @param split  of a WIDER record.
 * @param likeOf the record whose number it is; absent: the record itself.
 */
export function imageLosses(record: ResultRecord, split: Split, likeOf = record): ImageLosses {
  if (record.kind === 'wider') {
    const lost = (record.images ?? []).flatMap(({ name, apLost }) =>
      apLost?.[split] === undefined ? [] : [[name, apLost[split]] as const],
    );
    return { number: `AP ${split}`, lost: new Map(lost) };
  }
  const of = numberOf(likeOf);
  const { images, values } = record.detection ?? {};
  const effect = images && columnInfluence(images, of, values?.[of] ?? 0)?.effect;
  const lost = images?.names.flatMap((name, image) =>
    effect === undefined ? [] : [[name, bounded(effect.missing[image], effect.ap)] as const],
  );
  return { number: detectionNumbers[of], lost: new Map(lost) };
}

function numberOf({ detection }: ResultRecord): DetectionNumber {
  const names = Object.keys(detectionNumbers) as DetectionNumber[];
  return names.find((name) => detection?.images?.influence[name] !== undefined) ?? 'ap50';
}

/** Nothing gains more than is left to gain: to first order an image that holds most faces would. */
function bounded(lost: number, value: number): number {
  return lost > leastLoss ? Math.min(lost, 1 - value) : 0;
}
