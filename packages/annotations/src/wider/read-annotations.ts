import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';

/** Attributes of a face line, behind its box; `invalid` says that the face does not count. */
const labels = ['blur', 'expression', 'illumination', 'invalid', 'occlusion', 'pose'] as const;

/**
 * Read annotations in the text form of WIDER FACE: the path of an image, the number of its faces, then a line
 * `x y w h blur expression illumination invalid occlusion pose` per face, or `x y w h` alone. An image without faces has the
 * count 0 and may have a line of zeros. Paths have any number of folders and may begin with `# `, `/` or `./`.
 *
 * Boxes of negative size are kept unless told otherwise: WIDER FACE has one. Faces with `invalid` 1 are ignored.
 *
 * @param text  of the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name, count or face is malformed.
 * Cost: O(text).
 */
export function readWiderText(text: string, place: string, context: ReadingContext): Annotations {
  const lines = text.split(/\r\n|\n|\r/);
  const builder = new AnnotationsBuilder(place, {
    negativeSizes: context.negativeSizes ?? 'keep',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  let at = 0;
  while (at < lines.length) {
    const name = lines[at].trim();
    if (name === '') {
      at++;
      continue;
    }
    const where = `${place}:${at + 1}`;
    if (/^[-\d.]+(\s+[-\d.]+){3,}$/.test(name)) {
      throw new DatasetError(
        `${where}: expected the path of an image, got ${JSON.stringify(name.slice(0, 60))}; the count of the image before may be wrong`,
      );
    }
    const image = builder.addImage(name.replace(/^#\s*/, ''), where);
    const countText = (lines[at + 1] ?? '').trim();
    const count = Number(countText);
    if (!/^\d{1,9}$/.test(countText) || at + 2 + count > lines.length) {
      throw new DatasetError(
        `${place}:${at + 2}: expected the number of faces of ${JSON.stringify(name.slice(0, 60))}, at most the ${Math.max(lines.length - at - 2, 0)} lines left, got ${JSON.stringify(countText.slice(0, 60))}; correct it`,
      );
    }
    for (let face = 0; face < count; face++) addFace(builder, image, lines[at + 2 + face], `${place}:${at + 3 + face}`);
    at += 2 + count;
    if (count === 0 && /^\s*0(\s+0)+\s*$/.test(lines[at] ?? '')) at++;
  }
  return builder.build();
}

function addFace(builder: AnnotationsBuilder, image: number, line: string, where: string): void {
  const fields = line.trim().split(/\s+/);
  const numbers = fields.map(Number);
  if ((fields.length !== 4 && fields.length !== 10) || !numbers.every(Number.isFinite) || fields.includes('')) {
    throw new DatasetError(
      `${where}: expected "x y w h ${labels.join(' ')}" or "x y w h", got ${JSON.stringify(line.slice(0, 80))}; correct the line, or the count above it`,
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
