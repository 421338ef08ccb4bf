import { detectionKinds, faceKinds, folderOf, type GalleryBox, judgedRoom, judgeImage } from '@retinabench/report';
import type { BrowsedView } from '../../view/collect-view.js';
import type { GalleryShot } from './build-gallery.js';
import type { ImageLosses } from './image-losses.js';

/** What a detection is in a gallery; one below the score is not drawn. */
const boxKinds: Readonly<Record<number, Pick<GalleryBox, 'kind' | 'error'> | undefined>> = {
  [detectionKinds.hit]: { kind: 'hit' },
  [detectionKinds.localisation]: { kind: 'false positive', error: 'localisation' },
  [detectionKinds.duplicate]: { kind: 'false positive', error: 'duplicate' },
  [detectionKinds.background]: { kind: 'false positive', error: 'background' },
  [detectionKinds.ignored]: { kind: 'ignored' },
};

/**
 * Images of a detection record with their boxes at the record's operating score, as `view` shows them.
 *
 * @param record place of the record in the view.
 * @param names  images to show, worst first; those that have no file, or are not of the record, are left out.
 */
export function detectionShots(
  view: BrowsedView,
  record: number,
  { number, lost }: ImageLosses,
  names: readonly string[],
): GalleryShot[] {
  const { images } = view.index;
  const { evaluated } = view.runs[record].run;
  const places = new Map(images.map((name, image) => [name, image]));
  return names.flatMap((name) => {
    const image = places.get(name);
    const file = image === undefined ? undefined : view.files[image];
    if (image === undefined || file === undefined || evaluated[image] === 0) return [];
    const boxes = boxesOf(view, record, image);
    return [{ name, event: folderOf(name), split: 'all', number, apLost: lost.get(name) ?? 0, file, boxes }];
  });
}

function boxesOf({ index, runs, facesXywh }: BrowsedView, record: number, image: number): GalleryBox[] {
  const { faces, attributes } = index;
  const { run, boxesXywh } = runs[record];
  const cut = { score: index.records[record].atScore, split: 0 };
  const judged = judgeImage(faces, run, image, cut, judgedRoom(faces, [run]));
  const boxes: GalleryBox[] = [];
  for (let at = run.start[image]; at < run.start[image + 1]; at++) {
    const what = boxKinds[judged.detections[at - run.start[image]]];
    if (what === undefined) continue;
    boxes.push({ ...what, boxXywh: boxAt(boxesXywh, at), score: run.scores[at], heightPx: run.heightsPx[at] });
  }
  for (let face = faces.start[image]; face < faces.start[image + 1]; face++) {
    if (judged.faces[face - faces.start[image]] !== faceKinds.missed) continue;
    boxes.push({
      kind: 'miss',
      boxXywh: boxAt(facesXywh, face),
      heightPx: faces.heightsPx[face],
      attributes: attributes.filter((_, bit) => (faces.attributes[face] & (1 << bit)) !== 0),
    });
  }
  return boxes;
}

function boxAt(boxes: Float64Array, index: number): GalleryBox['boxXywh'] {
  const [x, y, w, h] = boxes.subarray(4 * index, 4 * index + 4);
  return [x, y, w, h];
}
