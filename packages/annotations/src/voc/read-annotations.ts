import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type Category, chooseCategory } from '../reading/choose-category.js';
import type { CornerRule, ReadingContext } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { AnnotationsBuilder } from '../set/annotations-builder.js';
import { addDecimals } from '../set/exact-decimal.js';
import { withoutExtension } from '../set/image-name.js';
import { quoteName } from '../set/quote-name.js';
import { isFolder, type ListedFile, listFiles } from '../source/list-files.js';
import { readWholeText } from '../source/open-source.js';
import { readVocImage, type VocImage, type VocObject } from './read-image.js';

/** What VOC annotations are read to. */
export interface VocAnnotations {
  readonly annotations: Annotations;
  readonly category?: Category;
}

/**
 * Read Pascal VOC annotations: a file, a folder of XML files, or the root of a data set with `Annotations` and `ImageSets`.
 *
 * Corners are whole pixels counted from 1 of which the last belongs to the box, as the devkit has them: x = xmin - 1,
 * w = xmax - xmin + 1. Other tools count from 0 or write places between pixels; a coordinate below 1 or with a fraction is a
 * sign of that, and then the user has to say it.
 *
 * @throws {DatasetError} with file and line, if a file is malformed, an image set names a file that is not there, it is not
 * clear which class is a face, how corners are counted, or which of two names an image has.
 * Cost: O(bytes); holds one file at a time.
 */
export function readVocAnnotations(location: string, context: ReadingContext): VocAnnotations {
  const images = xmlFiles(location, context).map(({ name, file }) => ({
    name,
    image: readVocImage(readWholeText(file), file),
  }));
  if (images.length === 0) {
    throw new DatasetError(
      `${location}: expected Pascal VOC files (.xml), got none; choose the folder that holds them`,
    );
  }
  const category = faceClass(
    images.map(({ image }) => image),
    location,
    context,
  );
  const corners = cornerRule(
    images.map(({ image }) => image),
    category,
    location,
    context,
  );
  context.told('corners', corners);
  const builder = new AnnotationsBuilder(location, {
    negativeSizes: context.negativeSizes ?? 'refuse',
    keepFlag: `${context.flag('negativeSizes')} keep`,
  });
  let others = 0;
  for (const { name, image } of images) {
    const index = builder.addImage(nameOf(name, image, context), image.place, image.size);
    for (const object of image.objects) {
      if (category !== undefined && object.category !== category.name) {
        others++;
        continue;
      }
      builder.addFace(
        index,
        { box: boxOf(object, corners), difficult: object.difficult, attributes: object.attributes },
        object.where,
      );
    }
  }
  if (others > 0) context.note(`${others} objects of other classes than ${category?.name} are left out`);
  return { annotations: builder.build(), ...(category === undefined ? {} : { category }) };
}

/** The XML files, named by their paths below the folder that holds them all. */
function xmlFiles(location: string, context: ReadingContext): readonly ListedFile[] {
  if (!isFolder(location)) return [{ name: path.basename(location), file: location }];
  const root = annotationsFolder(location);
  const files = listFiles(root).filter(({ name }) => /\.xml$/i.test(name));
  const sets = path.join(path.dirname(root), 'ImageSets');
  if (context.split === undefined) return files;
  const list = listFiles(sets).filter(
    ({ name }) => name === `Main/${context.split}.txt` || name === `${context.split}.txt`,
  );
  if (list.length === 0) {
    throw new DatasetError(
      `${sets}: expected the list Main/${context.split}.txt, got none; choose another with ${context.flag('split')}`,
    );
  }
  context.told('split', context.split);
  const byStem = new Map(files.map((listed) => [listed.name.replace(/\.xml$/i, ''), listed]));
  const seen = new Set<string>();
  return readWholeText(list[0].file)
    .split(/\r\n|\n|\r/)
    .flatMap((line, index) => {
      // A list of a class has 1, 0 or -1 behind the name.
      const stem = line
        .trim()
        .replace(/\s+-?[01]$/, '')
        .replace(/^(?:\.?\/)+/, '')
        .normalize('NFC');
      if (stem === '') return [];
      const where = `${list[0].file}:${index + 1}`;
      const found = byStem.get(withoutExtension(stem));
      if (found === undefined) {
        throw new DatasetError(
          `${where}: expected the name of one of the ${files.length} XML files, got ${JSON.stringify(stem.slice(0, 120))}; correct the list`,
        );
      }
      if (seen.has(found.name))
        throw new DatasetError(`${where}: expected each image once, got ${quoteName(stem)} again; remove it`);
      seen.add(found.name);
      return [found];
    });
}

/** The folder `Annotations` that holds all XML files below a location; the location itself if there is none. */
function annotationsFolder(location: string): string {
  const prefixes = new Set(
    listFiles(location)
      .filter(({ name }) => /\.xml$/i.test(name))
      .map(({ name }) => /^(?:.*?\/)??Annotations(?=\/)/.exec(name)?.[0]),
  );
  const [prefix] = prefixes;
  return prefixes.size === 1 && prefix !== undefined ? path.join(location, prefix) : location;
}

function faceClass(images: readonly VocImage[], location: string, context: ReadingContext): Category | undefined {
  const names = new Set(images.flatMap(({ objects }) => objects.map(({ category }) => category)));
  if (names.size === 0) return undefined;
  return chooseCategory(
    [...names].map((name) => ({ id: name, name })),
    location,
    context,
  );
}

function cornerRule(
  images: readonly VocImage[],
  category: Category | undefined,
  location: string,
  context: ReadingContext,
): CornerRule {
  if (context.corners !== undefined) return context.corners;
  const stated = new Set(images.map(({ corners }) => corners));
  const [first] = stated;
  if (stated.size === 1 && first !== undefined) return first;
  for (const { objects } of images) {
    for (const { category: name, corners, where } of objects) {
      if (name !== category?.name) continue;
      const odd = corners.find((corner) => !Number.isInteger(Number(corner)) || Number(corner) < 1);
      if (odd === undefined) continue;
      throw new DatasetError(
        `${where}: expected corners in whole pixels counted from 1, as Pascal VOC has them, got ${odd}; say how these are counted with ${context.flag('corners')}: one-based, zero-based (both with the last pixel in the box) or continuous (w = xmax - xmin)`,
      );
    }
  }
  if (stated.size > 1) {
    throw new DatasetError(
      `${location}: expected files of one way of counting corners, got several; say how they are counted with ${context.flag('corners')}`,
    );
  }
  return 'one-based';
}

/** The name of an image: its XML file's path, with the extension that the name in the file has. */
function nameOf(xmlName: string, image: VocImage, context: ReadingContext): string {
  const stem = xmlName.replace(/\.xml$/i, '');
  const inside = image.filename.replaceAll('\\', '/').normalize('NFC');
  if (inside === '') return stem;
  const own = stem.slice(stem.lastIndexOf('/') + 1);
  const named = inside.slice(inside.lastIndexOf('/') + 1);
  const folder = stem.slice(0, stem.length - own.length);
  if (withoutExtension(named) === own || named === own) return `${folder}${named}`;
  if (context.names === 'file') return stem;
  if (context.names === 'content') return `${folder}${named}`;
  throw new DatasetError(
    `${image.place}: expected the name of the image to be that of the file, ${JSON.stringify(own)}, got ${JSON.stringify(named.slice(0, 120))} as filename in it; say which holds with ${context.flag('names')} file or ${context.flag('names')} content`,
  );
}

/** (x, y, w, h) of corners, in decimals: what is written with a fraction is read back as it was. */
function boxOf({ corners }: VocObject, rule: CornerRule): [number, number, number, number] {
  const [left, top, right, bottom] =
    rule === 'one-based' ? corners.map((corner) => addDecimals(corner, 1, -1)) : corners;
  const length = (from: string, to: string): number => {
    const difference = addDecimals(to, from, -1);
    return Number(rule === 'continuous' ? difference : addDecimals(difference, 1));
  };
  return [Number(left), Number(top), length(left, right), length(top, bottom)];
}
