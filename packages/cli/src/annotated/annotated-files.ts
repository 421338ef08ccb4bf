import { type Annotations, type ImageMatch, matchImages } from '@retinabench/annotations';
import type { ImageTask } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { imageNamesDigest } from '@retinabench/datasets';
import { formatCount } from '@retinabench/results';
import { type InputFiles, listInputs } from '../detection/list-inputs.js';

/** Annotated images as files are matched with them. */
type AnnotatedNames = Pick<Annotations, 'images' | 'ids'>;

/** The files of annotated images. */
export interface AnnotatedFiles {
  /** Those that are wanted, in the order of the annotations, each under its annotated name. */
  readonly images: readonly ImageTask[];
  /** Digest of the names of all annotated images. */
  readonly namesSha256: string;
  /** How files were matched, and what was passed over: files that are not annotated, that no name can be written for, videos. */
  readonly notes: readonly string[];
  /** Annotated images that are wanted and have no file. */
  readonly missing: readonly string[];
}

/**
 * Find the files of annotated images below a folder, by the rules by which predictions are matched.
 *
 * @param leaveOut whether annotated images without a file are left out.
 * @param wanted   Uint8Array [annotated images]: 1 where the file of an image is asked for; absent: those of all.
 * @throws {DatasetError} if an annotated image has no file and none may be left out, no file has a name that can be used, or a
 * name may be that of several.
 * Cost: one directory read a folder.
 */
export async function annotatedFiles(
  annotations: AnnotatedNames,
  root: string,
  leaveOut: boolean,
  wanted: Uint8Array = new Uint8Array(annotations.images.length).fill(1),
): Promise<AnnotatedFiles> {
  const listed = await listInputs([root]);
  const unusable = describeUnusable(listed);
  const names = listed.images.map(({ image }) => image);
  if (names.length === 0) {
    throw new DatasetError(
      `${root}: expected files of annotated images, got none that can be used: ${unusable.join()}`,
    );
  }
  const match = matchFiles(annotations, names, root);
  const missing = annotations.images.filter((_, image) => wanted[image] === 1 && match.predictionOf[image] < 0);
  if (missing.length > 0 && !leaveOut) {
    const count = wanted.reduce((sum, one) => sum + one, 0);
    const shown = missing.slice(0, 3).join(', ');
    throw new DatasetError(
      `${root}: expected a file for each of ${formatCount(count)} annotated images, got none for ${formatCount(missing.length)} (${shown}${missing.length > 3 ? ', ...' : ''}); fix: name their folder with --images DIR, or --missing leave-out evaluates the others alone${unusable.map((note) => `; ${note}`).join('')}`,
    );
  }
  return {
    ...filesOf(annotations, listed.images, match.predictionOf, wanted),
    notes: [...notesOf(match), ...listed.notes, ...unusable],
    missing,
  };
}

/** By names below the folder, or else below the deepest folder that holds all images (`images`, `JPEGImages`). */
function matchFiles(annotations: AnnotatedNames, names: readonly string[], root: string): ImageMatch {
  const below = commonFolder(names).length;
  const candidates = below === 0 ? [names] : [names, names.map((name) => name.slice(below))];
  const matches: ImageMatch[] = [];
  let cause: unknown;
  for (const images of candidates) {
    try {
      matches.push(matchImages(annotations, { images }));
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      cause ??= error;
    }
  }
  const best = matches.reduce<ImageMatch | undefined>(
    (most, next) => (most === undefined || next.missing.length < most.missing.length ? next : most),
    undefined,
  );
  if (best !== undefined) return best;
  throw new DatasetError(
    `${root}: expected the files of the annotated images, such as ${annotations.images[0]}, got ${formatCount(names.length)} such as ${names[0]}, which do not meet them one by one; name the folder that the annotations speak of with --images DIR`,
    { cause },
  );
}

/** `a/b/` of `a/b/c.jpg` and `a/b/d/e.jpg`. */
function commonFolder(names: readonly string[]): string {
  let common = names[0].slice(0, names[0].lastIndexOf('/') + 1);
  for (const name of names) {
    while (!name.startsWith(common)) common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
  }
  return common;
}

function filesOf(
  { images }: AnnotatedNames,
  files: readonly ImageTask[],
  fileOf: Int32Array,
  wanted: Uint8Array,
): Pick<AnnotatedFiles, 'images' | 'namesSha256'> {
  return {
    images: images.flatMap((image, index) =>
      fileOf[index] < 0 || wanted[index] === 0 ? [] : [{ image, file: files[fileOf[index]].file }],
    ),
    namesSha256: imageNamesDigest(images),
  };
}

function describeUnusable({ unusable }: InputFiles): string[] {
  if (unusable.length === 0) return [];
  const [{ image, message }] = unusable;
  return [`${formatCount(unusable.length)} image files have names that cannot be used, first ${image}: ${message}`];
}

function notesOf({ rule, unknown }: ImageMatch): string[] {
  return [
    ...(rule === 'path' ? [] : [`files of images are matched by ${rule}`]),
    ...(unknown.length > 0
      ? [`${formatCount(unknown.length)} image files are not annotated and left out, first ${unknown[0]}`]
      : []),
  ];
}
