import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import type { ReadingContext } from '../reading/reading.js';
import { recogniseFile } from '../recognise/recognise-file.js';
import { quoteName } from '../set/quote-name.js';
import { isFolder, listFiles } from '../source/list-files.js';
import { readWholeText } from '../source/open-source.js';
import { type DataYaml, readDataYaml } from './data-yaml.js';

/** Where the parts of a YOLO data set lie. */
export interface YoloDataset {
  /** Folder of the data set. */
  readonly root: string;
  readonly labels: string;
  /** Folder of the images; absent if it is not there. */
  readonly images?: string;
  readonly names: ReadonlyMap<number, string>;
  readonly keypoints?: readonly [count: number, dimensions: 2 | 3];
  readonly pointNames?: readonly string[];
}

/**
 * Find labels, images and class names of a YOLO data set.
 *
 * @param location a `data.yaml`, a folder that holds one, a folder with `labels`, or a folder of label files.
 * @throws {DatasetError} if there are several splits and none is chosen, or a folder is not there or leads out of the data set.
 */
export function findYoloDataset(location: string, context: ReadingContext): YoloDataset {
  const yamlFile = isFolder(location) ? yamlIn(location) : location;
  const root = isFolder(location) ? location : path.dirname(location);
  if (yamlFile !== undefined) return fromYaml(readDataYaml(readWholeText(yamlFile), yamlFile), yamlFile, root, context);
  const names = namesIn([root, path.dirname(root)]);
  const inner = path.join(root, 'labels');
  const labels = chooseSplit(isFolder(inner) ? inner : root, root, context);
  return { root, labels, ...imagesOf(labels), names };
}

/** The one `data.yaml` of a folder, whatever its name. */
function yamlIn(folder: string): string | undefined {
  const files = listFiles(folder)
    .filter(({ name }) => /^[^/]+\.ya?ml$/i.test(name))
    .filter(({ file }) => recogniseFile(file).kind === 'data-yaml');
  if (files.length > 1) {
    throw new DatasetError(
      `${folder}: expected one data.yaml, got ${files.map(({ name }) => name).join(', ')}; name the one that is meant`,
    );
  }
  return files[0]?.file;
}

function fromYaml(data: DataYaml, file: string, folder: string, context: ReadingContext): YoloDataset {
  const root = rootOf(data, folder);
  const splits = [...data.splits.keys()];
  const split = context.split ?? (splits.length === 1 ? splits[0] : undefined);
  if (split === undefined && splits.length > 1) {
    throw new DatasetError(
      `${file}: expected one split to read, got ${splits.join(', ')}; choose one with ${context.flag('split')}`,
    );
  }
  const entries = split === undefined ? ['images'] : data.splits.get(split);
  if (entries === undefined) {
    throw new DatasetError(
      `${file}: expected one of the splits ${splits.join(', ') || 'that it names (none)'}, got ${quoteName(split ?? 'none')}; choose one with ${context.flag('split')}`,
    );
  }
  if (entries.length > 1) {
    throw new DatasetError(
      `${file}: expected one folder of images in ${split}, got ${entries.length}; name the folder of labels that is meant`,
    );
  }
  if (split !== undefined) context.told('split', split);
  const images = below(root, entries[0], file);
  const labels = labelsOf(images, entries[0], file, context);
  const names = data.names.size > 0 ? data.names : namesIn([root]);
  return {
    root: folder,
    labels,
    ...(isFolder(images) ? { images } : {}),
    names,
    ...(data.keypoints === undefined ? {} : { keypoints: data.keypoints }),
    ...(data.pointNames === undefined ? {} : { pointNames: data.pointNames }),
  };
}

/** The root that a `data.yaml` names, if it is there; else the folder of the file: data sets move. */
function rootOf({ path: named }: DataYaml, folder: string): string {
  if (named === undefined || path.isAbsolute(named)) return folder;
  const root = path.resolve(folder, named);
  const inside = !path.relative(folder, root).startsWith('..');
  return inside && isFolder(root) ? root : folder;
}

/** A folder below the root. `../train/images`, which some tools write for `train/images`, is that. */
function below(root: string, entry: string, file: string): string {
  const inside = path.isAbsolute(entry) ? entry : entry.replaceAll('\\', '/').replace(/^(?:\.{1,2}\/)+/, '');
  const place = path.resolve(root, inside);
  if (path.relative(root, place).split(path.sep).includes('..')) {
    throw new DatasetError(
      `${file}: expected folders below ${root}, got ${JSON.stringify(entry.slice(0, 120))}; name the folder of labels itself`,
    );
  }
  return place;
}

/** The folder of labels that belongs to a folder of images: `images` is `labels` in its path. */
function labelsOf(images: string, entry: string, file: string, context: ReadingContext): string {
  if (existsSync(images) && !isFolder(images)) {
    throw new DatasetError(
      `${file}: expected a folder of images, got ${JSON.stringify(entry.slice(0, 120))}, which is a file; name the folder of labels itself, or write the folder into ${path.basename(file)}`,
    );
  }
  const parts = images.split(path.sep);
  const at = parts.lastIndexOf('images');
  const candidates = [
    ...(at < 0 ? [] : [[...parts.slice(0, at), 'labels', ...parts.slice(at + 1)].join(path.sep)]),
    path.join(images, 'labels'),
    images,
  ];
  const found = candidates.find(isFolder);
  if (found !== undefined) return found;
  throw new DatasetError(
    `${file}: expected the labels of ${JSON.stringify(entry.slice(0, 120))} in ${candidates[0]}, got no folder; name the folder of labels itself, or choose another split with ${context.flag('split')}`,
  );
}

/** The folder of a split, where labels lie in folders of that name. */
function chooseSplit(labels: string, root: string, context: ReadingContext): string {
  const splits = ['train', 'val', 'valid', 'test'];
  const inLabels = splits.filter((split) => isFolder(path.join(labels, split)));
  const places = new Map(inLabels.map((split) => [split, path.join(labels, split)]));
  if (labels === root) {
    for (const split of inLabels) {
      const inner = path.join(root, split, 'labels');
      if (isFolder(inner)) places.set(split, inner);
    }
  }
  const { split } = context;
  if (split !== undefined) {
    const place = places.get(split);
    if (place === undefined) {
      throw new DatasetError(
        `${root}: expected one of the splits ${inLabels.join(', ') || 'train, val, test'}, got no ${quoteName(split)}; choose another with ${context.flag('split')}`,
      );
    }
    context.told('split', split);
    return place;
  }
  if (places.size === 0) return labels;
  if (places.size === 1) return [...places.values()][0];
  throw new DatasetError(
    `${root}: expected one split to read, got ${inLabels.join(', ')}; choose one with ${context.flag('split')}`,
  );
}

/** The folder of images that belongs to a folder of labels, where it is there. */
function imagesOf(labels: string): { images?: string } {
  const parts = path.resolve(labels).split(path.sep);
  const at = parts.lastIndexOf('labels');
  if (at < 0) return {};
  const images = [...parts.slice(0, at), 'images', ...parts.slice(at + 1)].join(path.sep);
  return isFolder(images) ? { images } : {};
}

/** Names of classes, one a line, in `classes.txt` or `obj.names`. */
function namesIn(folders: readonly string[]): Map<number, string> {
  for (const folder of folders) {
    for (const name of ['classes.txt', 'obj.names']) {
      const file = path.join(folder, name);
      if (!existsSync(file)) continue;
      const lines = readWholeText(file)
        .split(/\r\n|\n|\r/)
        .map((line) => line.trim());
      while (lines.at(-1) === '') lines.pop();
      return new Map(lines.map((line, index) => [index, line]));
    }
  }
  return new Map();
}
