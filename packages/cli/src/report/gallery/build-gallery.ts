import {
  defaultAtScore,
  eventOf,
  ignoreArealessFaces,
  loadGroundTruth,
  type MatchedRun,
  matchRun,
  type RuleSet,
  readPredictions,
  restrictGroundTruth,
  ruleSets,
  scoringProtocol,
} from '@retinabench/eval-wider';
import type { GalleryBox, GalleryCrop, GalleryImage } from '@retinabench/report';
import type { ImageResult, ResultRecord, Split } from '@retinabench/results';
import { galleryBoxes } from './gallery-boxes.js';
import { heldAgainstImages } from './held-against-images.js';
import { makeCrop, makeThumbnail } from './thumbnail.js';

/** What the gallery of one record is made of. */
export interface GallerySource {
  /** Key of the record on the page. */
  readonly key: string;
  readonly record: ResultRecord;
  /** Names the record, for messages. */
  readonly place: string;
  /** Folder of its predictions. */
  readonly predictions: string;
  readonly groundTruth: string;
  readonly split: Split;
  /** Images to show, worst first: the same of every record, so that they can be compared. */
  readonly names: readonly string[];
  /** Files of the images on disk, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** Images whose picture is in the page already; those that this gallery adds are put in. */
  readonly pictured: Set<string>;
  /** Bytes that pictures may take; images beyond are listed without. */
  readonly maxBytes: number;
}

/** Of scores: which face a detection goes to does not depend on it, and the images shown may hold one detection or none. */
const anyRange = { min: 0, max: 1 };
/** Missed faces that are cut out of an image at most, largest first. */
const maxCrops = 6;

/**
 * Images of a record with their boxes at the record's operating score; a picture that the page has already is left out.
 *
 * @throws {DatasetError} if predictions, ground truth or images cannot be read, or the predictions are not those of the record.
 */
export async function buildGallery(source: GallerySource): Promise<GalleryImage[]> {
  const { record, names, files, pictured } = source;
  const own = new Map((record.images ?? []).map((image) => [image.name, image]));
  const chosen = names.flatMap((name) => own.get(name) ?? []);
  const run = matchChosen(source, chosen);
  heldAgainstImages(chosen, run, source.place, source.predictions);
  const images: GalleryImage[] = [];
  let bytes = 0;
  for (const image of chosen) {
    const shown = await showImage(source, run, image, files.get(image.name) ?? '');
    const made = pictured.has(image.name) ? withoutPicture(shown) : shown;
    const size = sizeOf(made);
    const fits = bytes + size <= source.maxBytes;
    if (fits) bytes += size;
    if (fits) pictured.add(image.name);
    images.push(fits ? made : { ...withoutPicture(made), crops: [] });
  }
  return images;
}

function matchChosen({ record, predictions, groundTruth }: GallerySource, chosen: readonly ImageResult[]): MatchedRun {
  const rules = ruleSets.find((name) => name === record.protocol.rules) ?? ('python' satisfies RuleSet);
  const protocol = scoringProtocol(rules, record.protocol.order === 'score' ? 'any' : 'strict');
  const all = loadGroundTruth(groundTruth);
  const faces = record.protocol.facesWithoutArea === 'ignored' ? ignoreArealessFaces(all) : all;
  const truth = restrictGroundTruth(faces, new Set(chosen.map(({ name }) => name)));
  return matchRun(truth, readPredictions(predictions, protocol), protocol, anyRange);
}

async function showImage(
  { key, record, split }: GallerySource,
  run: MatchedRun,
  { name, apLost, types }: ImageResult,
  file: string,
): Promise<GalleryImage> {
  const score = record.metrics?.atScore ?? defaultAtScore;
  const index = run.groundTruth.images.indexOf(name);
  const boxes = galleryBoxes(run, index, run.groundTruth.counted[split], score, types);
  const { url, widthPx, heightPx, scale } = await makeThumbnail(file);
  return {
    key,
    name,
    event: eventOf(name),
    split,
    apLost: apLost?.[split] ?? 0,
    url,
    widthPx,
    heightPx,
    boxes: boxes.map((box) => ({ ...box, boxXywh: scaled(box.boxXywh, scale) })),
    crops: await cutMisses(file, boxes),
  };
}

async function cutMisses(file: string, boxes: readonly GalleryBox[]): Promise<GalleryCrop[]> {
  const largest = boxes.filter(({ kind }) => kind === 'miss').sort((a, b) => b.heightPx - a.heightPx);
  const crops: GalleryCrop[] = [];
  for (const { kind, boxXywh, heightPx, attributes = [] } of largest.slice(0, maxCrops)) {
    const url = await makeCrop(file, boxXywh);
    const caption = [`${Math.round(heightPx)} px`, ...attributes].join(', ');
    if (url !== undefined) crops.push({ kind, url, widthPx: 96, heightPx: 96, caption });
  }
  return crops;
}

function scaled([x, y, w, h]: GalleryBox['boxXywh'], scale: number): GalleryBox['boxXywh'] {
  const round = (value: number): number => Math.round(value * scale * 10) / 10;
  return [round(x), round(y), round(w), round(h)];
}

function sizeOf({ url = '', crops }: GalleryImage): number {
  return crops.reduce((sum, crop) => sum + crop.url.length, url.length);
}

function withoutPicture({ url: _, ...rest }: GalleryImage): GalleryImage {
  return rest;
}
