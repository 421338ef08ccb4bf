import { writeCocoAnnotations } from '../coco/write-annotations.js';
import { writeCsvAnnotations } from '../csv/write-annotations.js';
import { writeFacesJson } from '../faces-json/write-annotations.js';
import { writeLabelText } from '../label-text/write-annotations.js';
import type { ImageSizes } from '../reading/image-sizes.js';
import type { AnnotationFormat } from '../reading/reading.js';
import type { Annotations } from '../set/annotations.js';
import { writeVocAnnotations } from '../voc/write-annotations.js';
import { writeWiderText } from '../wider/write-annotations.js';
import type { WrittenSet } from '../writing/written-files.js';
import { writeYoloLabels } from '../yolo/write-labels.js';

/**
 * Annotations in a form, with what the form cannot hold. Numbers are the shortest decimals that read back the same.
 *
 * @param sizes of images whose size the annotations do not have; YOLO needs them.
 * @throws {DatasetError} if the form cannot hold the name of an image, or YOLO lacks a size.
 */
export function writeAnnotations(annotations: Annotations, format: AnnotationFormat, sizes: ImageSizes): WrittenSet {
  switch (format) {
    case 'coco':
      return writeCocoAnnotations(annotations);
    case 'csv':
      return writeCsvAnnotations(annotations);
    case 'voc':
      return writeVocAnnotations(annotations);
    case 'yolo':
      return writeYoloLabels(annotations, sizes);
    case 'wider':
      return writeWiderText(annotations);
    case 'label-text':
      return writeLabelText(annotations);
    case 'faces-json':
      return writeFacesJson(annotations);
  }
}
