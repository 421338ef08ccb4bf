import { type AlteredAnnotations, alteredAnnotations } from '@retinabench/datasets/wider';
import { restrictGroundTruth, type WiderGroundTruth } from '@retinabench/eval-wider/scoring';
import { formatCount } from '@retinabench/results';

/** What a data set is called with its annotations, and what is to be known of them. */
export interface NamedAnnotations {
  readonly name: string;
  /** `annotations-altered: ...` where they are not those that the name stands for. */
  readonly warnings: readonly string[];
}

/**
 * Hold the annotations of images that are those of WIDER FACE val against the official ones. Where some differ, AP is not that of
 * WIDER FACE, and the data set is called `wider-val-altered` or `wider-val-part-altered`.
 *
 * @param name   of the images.
 * @param loaded annotations as they were read, before a flag changes which faces count.
 * @param images those that are evaluated.
 */
export async function nameAnnotations(
  name: string,
  loaded: WiderGroundTruth,
  images: readonly string[],
): Promise<NamedAnnotations> {
  if (!/^wider-val(-part)?$/.test(name)) return { name, warnings: [] };
  const evaluated = images.length === loaded.images.length ? loaded : restrictGroundTruth(loaded, new Set(images));
  const altered = await alteredAnnotations(evaluated);
  if (altered.boxes.length + altered.splits.length === 0) return { name, warnings: [] };
  return { name: `${name}-altered`, warnings: [describe(altered, evaluated.images.length)] };
}

function describe({ boxes, splits }: AlteredAnnotations, images: number): string {
  const of = `of ${formatCount(images)} images of WIDER FACE val`;
  const found = [
    ...(boxes.length === 0 ? [] : [`${formatCount(boxes.length)} ${of} have other boxes, first ${boxes[0]}`]),
    ...(splits.length === 0
      ? []
      : [`${formatCount(splits.length)} ${of} count other faces in easy, medium or hard, first ${splits[0]}`]),
  ];
  return `annotations-altered: ${found.join('; ')}: AP is not that of WIDER FACE, which wider_face_val.mat and wider_{easy,medium,hard}_val.mat give.`;
}
