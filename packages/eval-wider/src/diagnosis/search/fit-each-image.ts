import type { BoxLayout } from '../../predictions/box-layout.js';
import type { MirroredAxes } from '../../predictions/convert.js';
import type { SampleImage } from './sample.js';
import { layOut } from './score-reading.js';

/** Detections and faces of an image that are fitted. */
const mostDetections = 10;
const mostFaces = 6;

/** Faces of an image that have to agree on one map: a map of four numbers fits one face always and two by chance. */
const fewestFaces = 3;

/** Layouts that are tried. */
const layouts: readonly BoxLayout[] = ['xywh', 'xyxy', 'cxcywh', 'yxhw', 'yxyx'];

/** A map of one image: x of the image = scaleX * x + shiftX, negative where mirrored; y likewise. */
export interface ImageMap {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** How many images of a sample are explained by a map of their own. */
export interface EachFit {
  readonly layout: BoxLayout;
  readonly mirrored: MirroredAxes;
  readonly maps: readonly ImageMap[];
  /** Images with enough faces and detections to tell. */
  readonly eligible: number;
  /** Those in which as many faces are found without any map. */
  readonly unmapped: number;
}

/**
 * Fit each image of a sample with a scale and a shift of its own, for runs whose images have no known size: the map that
 * brings one detection onto one face has to bring others onto others.
 *
 * @returns the layout and mirroring under which most images are explained.
 * Cost: 240 maps an image, five layouts, four mirrorings.
 */
export function fitEachImage(sample: readonly SampleImage[]): EachFit {
  let best: EachFit = { layout: 'xywh', mirrored: 'none', maps: [], eligible: 0, unmapped: 0 };
  for (const layout of layouts) {
    const laidOut = layOut(sample, layout);
    for (const mirrored of ['none', 'x', 'y', 'xy'] as const) {
      let eligible = 0;
      let unmapped = 0;
      const maps = sample.flatMap(({ facesXywh }, index) => {
        const faces = facesXywh.subarray(0, 4 * mostFaces);
        const boxes = laidOut[index].subarray(0, 4 * mostDetections);
        if (faces.length < 4 * fewestFaces || boxes.length < 4 * fewestFaces) return [];
        eligible++;
        if (foundUnder(identity, boxes, faces) >= fewestFound(faces)) unmapped++;
        return fitImage(boxes, faces, mirrored) ?? [];
      });
      if (maps.length > best.maps.length || best.eligible === 0) best = { layout, mirrored, maps, eligible, unmapped };
    }
  }
  return best;
}

const identity: ImageMap = { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 };

/** Faces that a map has to find: enough, and half of those looked at. */
function fewestFound(faces: Float64Array): number {
  return Math.max(fewestFaces, faces.length / 8);
}

/** The map under which most faces are found, if they are enough. */
function fitImage(boxes: Float64Array, faces: Float64Array, mirrored: MirroredAxes): ImageMap | undefined {
  let best: ImageMap | undefined;
  let most = fewestFound(faces) - 1;
  for (let at = 0; at < boxes.length; at += 4) {
    for (let face = 0; face < faces.length; face += 4) {
      const map = mapOf(boxes, at, faces, face, mirrored);
      const found = map === undefined ? 0 : foundUnder(map, boxes, faces);
      if (found > most) {
        most = found;
        best = map;
      }
    }
  }
  return best;
}

function mapOf(
  boxes: Float64Array,
  at: number,
  faces: Float64Array,
  face: number,
  mirrored: MirroredAxes,
): ImageMap | undefined {
  const [w, h] = [faces[face + 2] / boxes[at + 2], faces[face + 3] / boxes[at + 3]];
  if (!(w > 0 && h > 0 && Number.isFinite(w) && Number.isFinite(h))) return undefined;
  const scaleX = mirrored.includes('x') ? -w : w;
  const scaleY = mirrored.includes('y') ? -h : h;
  return {
    scaleX,
    scaleY,
    shiftX: faces[face] + faces[face + 2] / 2 - scaleX * (boxes[at] + boxes[at + 2] / 2),
    shiftY: faces[face + 1] + faces[face + 3] / 2 - scaleY * (boxes[at + 1] + boxes[at + 3] / 2),
  };
}

/** Faces that some box overlaps by an IoU of at least 0.5. */
function foundUnder({ scaleX, scaleY, shiftX, shiftY }: ImageMap, boxes: Float64Array, faces: Float64Array): number {
  let found = 0;
  for (let face = 0; face < faces.length; face += 4) {
    const [fw, fh] = [faces[face + 2], faces[face + 3]];
    const [cx, cy] = [faces[face] + fw / 2, faces[face + 1] + fh / 2];
    for (let at = 0; at < boxes.length; at += 4) {
      const w = boxes[at + 2] * Math.abs(scaleX);
      const h = boxes[at + 3] * Math.abs(scaleY);
      const dx = Math.abs(scaleX * (boxes[at] + boxes[at + 2] / 2) + shiftX - cx);
      const dy = Math.abs(scaleY * (boxes[at + 1] + boxes[at + 3] / 2) + shiftY - cy);
      const overlapX = Math.min(fw, w, (fw + w) / 2 - dx);
      const overlapY = Math.min(fh, h, (fh + h) / 2 - dy);
      if (overlapX <= 0 || overlapY <= 0) continue;
      if (3 * overlapX * overlapY >= fw * fh + w * h) {
        found++;
        break;
      }
    }
  }
  return found;
}
