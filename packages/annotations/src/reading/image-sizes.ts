import { DatasetError } from '@retinabench/core';
import { readRows } from '../delimited/read-rows.js';
import type { Annotations } from '../set/annotations.js';
import { imageName, isImageFile, withoutExtension } from '../set/image-name.js';
import { quoteName } from '../set/quote-name.js';
import { imageFileSize } from '../source/image-size.js';
import { isFolder, listFiles } from '../source/list-files.js';
import { openSource } from '../source/open-source.js';

/** Width and height of images, where the form of the annotations or predictions does not say them, and their whole names. */
export interface ImageSizes {
  /** What they come from, for messages. */
  readonly from: string;
  /** Width and height in pixels; undefined if not known. @param name path of the image, with or without extension. */
  sizeOf(name: string): readonly [widthPx: number, heightPx: number] | undefined;
  /** The whole name of an image of which the stem is known; undefined if not known. */
  nameOf(stem: string): string | undefined;
  /** All images that are known. */
  readonly names: readonly string[];
}

/** No sizes are known. */
export const noSizes: ImageSizes = {
  from: 'nothing',
  sizeOf: () => undefined,
  nameOf: () => undefined,
  names: [],
};

/**
 * Sizes of the images in a folder, read from their headers when asked for.
 *
 * @throws {EnvironmentError} if the folder cannot be read.
 */
export function sizesOfImages(folder: string): ImageSizes {
  const files = listFiles(folder).filter(({ name }) => isImageFile(name));
  const byStem = new Map<string, (typeof files)[number]>();
  const repeated = new Set<string>();
  const byName = new Map(files.map((listed) => [listed.name, listed]));
  for (const listed of files) {
    const stem = withoutExtension(listed.name);
    if (byStem.has(stem)) repeated.add(stem);
    else byStem.set(stem, listed);
  }
  const find = (name: string): (typeof files)[number] | undefined => {
    const whole = byName.get(name);
    if (whole !== undefined) return whole;
    const stem = withoutExtension(name);
    if (repeated.has(stem)) {
      throw new DatasetError(
        `${folder}: expected one image ${quoteName(stem)}, got several of that name with other extensions; remove all but one`,
      );
    }
    return byStem.get(stem);
  };
  return {
    from: `the images in ${folder}`,
    sizeOf: (name) => {
      const found = find(name);
      return found === undefined ? undefined : imageFileSize(found.file);
    },
    nameOf: (stem) => find(stem)?.name,
    names: files.map(({ name }) => name),
  };
}

/** Names of columns of a file of sizes. */
const imageColumns = ['file_name', 'image', 'filename', 'name', 'path', 'file'];

/**
 * Sizes of images from a CSV file with columns `image` (or `file_name`), `width`, `height` and, where labels are named
 * otherwise than images, `stem`.
 *
 * @throws {DatasetError} with the line, if it is malformed.
 */
export function sizesFromCsv(file: string): ImageSizes {
  const sizes = new Map<string, readonly [number, number]>();
  const wholeNames = new Map<string, string>();
  const names: string[] = [];
  let columns: { image: number; width: number; height: number; stem: number } | undefined;
  const source = openSource(file);
  try {
    readRows(source, ',', (fields, line) => {
      const where = `${file}:${line}`;
      if (columns === undefined) {
        const header = fields.map((field) => field.trim().toLowerCase());
        columns = {
          image: header.indexOf(imageColumns.find((name) => header.includes(name)) ?? ''),
          width: header.indexOf('width'),
          height: header.indexOf('height'),
          stem: header.indexOf('stem'),
        };
        if (columns.image < 0 || columns.width < 0 || columns.height < 0) {
          throw new DatasetError(
            `${where}: expected columns image, width and height, got ${JSON.stringify(fields.join(',').slice(0, 80))}; name the columns so`,
          );
        }
        return;
      }
      const name = imageName(fields[columns.image] ?? '', where);
      const isKnown = `${fields[columns.width]}${fields[columns.height]}`.trim() !== '';
      const size = [Number(fields[columns.width]), Number(fields[columns.height])] as const;
      if (isKnown && !size.every((side) => Number.isInteger(side) && side > 0 && side < 2 ** 31)) {
        throw new DatasetError(
          `${where}: expected width and height in whole pixels, got ${JSON.stringify([fields[columns.width], fields[columns.height]])}; correct them`,
        );
      }
      const stem = columns.stem < 0 ? withoutExtension(name) : imageName(fields[columns.stem] ?? '', where);
      if (wholeNames.has(stem)) {
        throw new DatasetError(`${where}: expected each image once, got ${quoteName(stem)} again; remove one`);
      }
      if (isKnown) {
        sizes.set(stem, size);
        sizes.set(name, size);
      }
      wholeNames.set(stem, name);
      names.push(name);
    });
  } finally {
    source.close();
  }
  return {
    from: file,
    sizeOf: (name) => sizes.get(name) ?? sizes.get(withoutExtension(name)),
    nameOf: (stem) => wholeNames.get(stem),
    names,
  };
}

/** Sizes that annotations have, for the predictions that belong to them. */
export function sizesOfAnnotations({ images, sizesPx }: Annotations): ImageSizes {
  const places = new Map<string, number>();
  const add = (key: string, image: number): void => {
    places.set(key, places.has(key) && places.get(key) !== image ? -1 : image);
  };
  images.forEach((name, image) => {
    const stem = withoutExtension(name);
    for (const key of new Set([name, stem, stem.replaceAll('/', '__'), stem.slice(stem.lastIndexOf('/') + 1)])) {
      add(key, image);
    }
  });
  const find = (name: string): number => places.get(name) ?? places.get(withoutExtension(name)) ?? -1;
  return {
    from: 'the annotations',
    sizeOf: (name) => {
      const image = find(name);
      return image < 0 || sizesPx[2 * image] === 0 ? undefined : [sizesPx[2 * image], sizesPx[2 * image + 1]];
    },
    nameOf: (stem) => (find(stem) < 0 ? undefined : images[find(stem)]),
    names: images,
  };
}

/** The first source that knows an image. */
export function firstOf(sources: readonly ImageSizes[]): ImageSizes {
  if (sources.length === 0) return noSizes;
  return {
    from: sources.map(({ from }) => from).join(', '),
    sizeOf: (name) => firstKnown(sources, (source) => source.sizeOf(name)),
    nameOf: (stem) => firstKnown(sources, (source) => source.nameOf(stem)),
    names: sources.find(({ names }) => names.length > 0)?.names ?? [],
  };
}

function firstKnown<T>(sources: readonly ImageSizes[], find: (source: ImageSizes) => T | undefined): T | undefined {
  for (const source of sources) {
    const found = find(source);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The sources that settings name: `sizes`, a CSV file, then `images`, a folder. @throws as those. */
export function sizesOfSettings(settings: {
  readonly sizes?: string | undefined;
  readonly images?: string | undefined;
}): ImageSizes[] {
  const { sizes, images } = settings;
  if (images !== undefined && !isFolder(images)) {
    throw new DatasetError(`${images}: expected the folder of the images, got no folder; is the path right?`);
  }
  return [
    ...(sizes === undefined ? [] : [sizesFromCsv(sizes)]),
    ...(images === undefined ? [] : [sizesOfImages(images)]),
  ];
}
