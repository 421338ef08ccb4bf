import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';
import type { ByteSource } from '../source/open-source.js';
import { type BlockForm, visitBlocks } from './visit-blocks.js';

/** Attributes of a face line, behind its box; `invalid` says that the face does not count. */
const labels = ['blur', 'expression', 'illumination', 'invalid', 'occlusion', 'pose'] as const;

const form: BlockForm = {
  rows: 'faces',
  nameForm: 'the path of an image',
  isName: (text) => !/^[-\d.]+(\s+[-\d.]+){3,}$/.test(text),
};

/**
 * Read annotations in the text form of WIDER FACE: the path of an image, the number of its faces, then a line
 * `x y w h blur expression illumination invalid occlusion pose` per face, or `x y w h` alone. An image without faces has the
 * count 0 and may have a line of zeros. Paths have any number of folders and may begin with `# `, `/` or `./`.
 *
 * Boxes of negative size are kept unless told otherwise: WIDER FACE has one. Faces with `invalid` 1 are ignored.
 *
 * @param text  of the file, or the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name, count or face is malformed.
 * Cost: O(text).
 */
export function readWiderText(text: string | ByteSource, place: string, context: ReadingContext): Annotations {
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'keep',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  let image = -1;
  visitBlocks(text, place, form, {
    image: (name, where) => {
      image = builder.addImage(name.replace(/^#\s*/, ''), where);
    },
    row: (numbers, row, where) => addFace(builder, image, numbers, row, where),
  });
  return builder.build();
}

function addFace(
  builder: AnnotationsBuilder,
  image: number,
  numbers: readonly number[],
  row: string,
  where: string,
): void {
  if ((numbers.length !== 4 && numbers.length !== 10) || !numbers.every(Number.isFinite)) {
    throw new DatasetError(
      `${where}: expected "x y w h ${labels.join(' ')}" or "x y w h", got ${JSON.stringify(row.slice(0, 80))}; correct the line, or the count above it`,
    );
  }
  const [x, y, w, h, ...values] = numbers;
  builder.addFace(
    image,
    {
      box: [x, y, w, h],
      ignored: values.length > 0 && values[3] !== 0,
      attributes: values.flatMap((value, index) =>
        labels[index] === 'invalid' ? [] : [[labels[index], value] as const],
      ),
    },
    where,
  );
}
