import type { Annotations } from '../set/annotations.js';
import { attributeAt, inParts, lossesOf } from '../writing/contents.js';
import { requireLineNames } from '../writing/file-names.js';
import type { Loss, WrittenSet } from '../writing/written-files.js';

/** Attributes that the form has, but `invalid`, in the order of its columns; `invalid` follows the third. */
const columns = ['blur', 'expression', 'illumination', 'occlusion', 'pose'] as const;

/**
 * Annotations as the text form of WIDER FACE. Faces have the six attributes, `invalid` 1 where they are ignored, if any of them
 * has one of these attributes or is ignored; an attribute that a face does not have is then 0, and the losses say so.
 *
 * @throws {DatasetError} if a line cannot hold the name of an image.
 */
export function writeWiderText(annotations: Annotations): WrittenSet {
  requireLineNames(annotations.images, "WIDER FACE's text");
  const isHeld = (name: string): boolean =>
    columns.some((column) => column === name) && annotations.attributes.get(name)?.kind === 'number';
  const withColumns = annotations.ignored.includes(1) || [...annotations.attributes.keys()].some(isHeld);
  const losses: Loss[] = lossesOf(annotations, { ignored: true, attribute: isHeld });
  if (withColumns) losses.push(...zeros(annotations));
  return { kind: 'file', files: [{ name: '', parts: inParts(linesOf(annotations, withColumns)) }], losses };
}

/** Attributes that are written as 0 for want of a value. */
function zeros(annotations: Annotations): Loss[] {
  const faces = annotations.boxesXywh.length / 4;
  return columns.flatMap((name) => {
    let count = 0;
    for (let face = 0; face < faces; face++) if (numberAt(annotations, name, face) === undefined) count++;
    return count === 0 ? [] : [{ what: `faces without ${name}, written as 0`, count }];
  });
}

function numberAt({ attributes }: Annotations, name: string, face: number): number | undefined {
  const column = attributes.get(name);
  const value = column === undefined ? undefined : attributeAt(column, face);
  return typeof value === 'number' ? value : undefined;
}

function* linesOf(annotations: Annotations, withColumns: boolean): Generator<string> {
  const { images, start, boxesXywh: boxes, ignored } = annotations;
  for (let image = 0; image < images.length; image++) {
    const count = start[image + 1] - start[image];
    yield `${images[image]}\n${count}\n`;
    if (count === 0) yield '0 0 0 0 0 0 0 0 0 0\n';
    for (let face = start[image]; face < start[image + 1]; face++) {
      const box = boxes.subarray(4 * face, 4 * face + 4);
      const [blur, expression, illumination, occlusion, pose] = columns.map(
        (name) => numberAt(annotations, name, face) ?? 0,
      );
      const labels = withColumns ? [blur, expression, illumination, ignored[face], occlusion, pose] : [];
      yield `${[...box, ...labels].join(' ')}\n`;
    }
  }
}
