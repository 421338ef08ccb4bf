import path from 'node:path';
import type { AnnotationFormat, Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import { ownName } from '@retinabench/datasets';
import { diagnoseAnnotations, restrictAnnotations } from '@retinabench/eval-detection';
import { formatCount } from '@retinabench/results';
import { annotatedFiles } from '../annotated/annotated-files.js';
import { describeAnnotations } from '../annotated/describe-reading.js';
import { imagesFolder } from '../annotated/images-folder.js';
import { readListedImages } from '../annotated/listed-images.js';
import { loadAnyAnnotations } from '../annotated/load-any.js';
import { readingSettings } from '../annotated/reading-flags.js';
import { type ChoiceFlags, chooseImages } from '../detection/choose-images.js';
import type { ImageSet } from '../detection/detection-plan.js';
import { reportDiagnoses } from '../wider/report-diagnoses.js';

/** Annotated images that lie in files. */
export interface AnnotatedSet {
  /** Where the annotations lie. */
  readonly location: string;
  readonly annotations: Annotations;
  readonly set: ImageSet;
  readonly warnings: readonly string[];
  /** What was recognised in the annotations and among the files. */
  readonly recognised: readonly string[];
}

/** Where annotated images lie; the flags of `addReadingFlags` of `gt` may stand beside these. */
export interface AnnotatedFlags extends ChoiceFlags {
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  /** List of the images that are evaluated alone. */
  readonly only?: string;
  readonly missing: 'refuse' | 'leave-out';
  /** Take annotations in spite of what the diagnosis calls an error. */
  readonly force?: boolean;
}

/**
 * Read the annotations that `eval` evaluates on, and find the files of their images.
 *
 * @throws {ProtocolError} if no flag says where they lie.
 * @throws {DatasetError} as loadAnyAnnotations, readListedImages and annotatedFiles, or if the annotations cannot be right.
 */
export async function openAnnotated(flags: AnnotatedFlags): Promise<AnnotatedSet> {
  const location = flags.gt ?? flags.data;
  if (location === undefined) {
    throw new ProtocolError(
      'eval needs --data DIR, a folder with images and annotations, or --gt PATH; retinabench eval --help has examples',
    );
  }
  const root = await imagesFolder(location, flags.images ?? flags.data);
  const reading = readingSettings<AnnotationFormat>(flags as unknown as Readonly<Record<string, unknown>>, 'gt');
  const truth = loadAnyAnnotations(location, {
    ...(flags.images === undefined ? {} : { images: flags.images }),
    ...reading,
  });
  const { annotations } = truth;
  const listed =
    flags.only === undefined ? undefined : await readListedImages(flags.only, annotations.images, location);
  // What cannot be right is refused before hours of detection; warnings come with the numbers.
  reportDiagnoses(
    diagnoseAnnotations(listed === undefined ? annotations : restrictAnnotations(annotations, listed.keep)).filter(
      ({ level }) => level === 'error' && flags.force !== true,
    ),
    location,
    false,
    'annotations',
  );
  const files = await annotatedFiles(annotations, root, flags.missing === 'leave-out', listed?.keep);
  const chosen = chooseImages(files.images, ({ image }) => path.posix.dirname(image), flags);
  const warnings =
    files.missing.length === 0
      ? []
      : [
          `missing-images: ${formatCount(files.missing.length)} of ${formatCount(listed?.count ?? annotations.images.length)} annotated images have no file (first ${files.missing[0]}): left out`,
        ];
  const set: ImageSet = {
    name: ownName(root),
    root,
    images: chosen.images,
    namesSha256: files.namesSha256,
    notes: [...(listed === undefined ? [] : [listed.note]), ...chosen.notes],
  };
  return { location, annotations, set, warnings, recognised: [...describeAnnotations(truth), ...files.notes] };
}
