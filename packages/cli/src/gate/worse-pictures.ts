import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import type { GalleryImage } from '@retinabench/report';
import type { ResultRecord, Split } from '@retinabench/results';
import { buildGallery, type GalleryShot } from '../report/gallery/build-gallery.js';
import { detectionShots } from '../report/gallery/detection-shots.js';
import type { ImageLosses } from '../report/gallery/image-losses.js';
import { widerShots } from '../report/gallery/wider-shots.js';
import { printNote } from '../terminal/output.js';
import { writeOutput } from '../terminal/output-file.js';
import { collectView } from '../view/collect-view.js';
import { predictionsOfRecords } from '../view/predictions-of-records.js';
import { worseImages } from './worse-images.js';

/** What pictures of what got worse are made of. */
export interface WorseSource {
  readonly baseline: ResultRecord;
  readonly record: ResultRecord;
  /** File of the record. */
  readonly place: string;
  /** Its predictions: the folder that `wider` or `eval` leaves, or what was scored; absent: what the record itself tells. */
  readonly predictions?: string;
  /** Root of the data set, with the images; a detection record may tell it itself. */
  readonly data?: string;
  /** Annotations; absent: those of `data`. */
  readonly gt?: string;
  /** Folder of the images of detection records, where it is not `data`. */
  readonly images?: string;
  /** All flags of the command, those that say how annotations and predictions are read among them. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Where the pictures go. */
  readonly folder: string;
}

/** A comment with more is not read. */
const mostPictures = 4;
/** Of WIDER records: the split that a drop is mostly in, and that holds the faces of the others, too. */
const split: Split = 'hard';
/** The pictures are files: together they may be as large as a page would be. */
const anyBytes = Number.POSITIVE_INFINITY;

const colours = {
  hit: '#2f9e44',
  miss: '#e03131',
  'false positive': '#f08c00',
  ignored: '#868e96',
  duplicate: '#f08c00',
};

/**
 * Draw the images that lose most against the baseline, with the record's detections: found faces green, missed ones red, what is no face
 * orange.
 *
 * @returns the files, worst first: `worse-1.webp` and so on; those of an earlier gate are replaced.
 * @throws {ProtocolError} if a record does not say what its images cost, or nothing says where annotations or images lie.
 * @throws {DatasetError} if predictions, annotations or images cannot be read, or are not those of the record.
 */
export async function drawWorse(source: WorseSource): Promise<string[]> {
  const { baseline, record, place, folder, predictions: named } = source;
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^worse-\d+\.webp$/.test(name)) await rm(path.join(folder, name));
  }
  const { names, losses } = worseImages(baseline, record, split, place);
  if (names.length === 0) return [];
  const [predictions] = await predictionsOfRecords([{ file: place, record }], named === undefined ? [] : [named]);
  if (predictions.assumed !== undefined) printNote(`predictions: ${predictions.location}, ${predictions.assumed}`);
  const shots =
    record.kind === 'wider'
      ? await widerWorst(source, predictions.location, names)
      : await detectionWorst(source, predictions.location, losses, names);
  const gallery = await buildGallery({ key: 'head', shots, pictured: new Set(), maxBytes: anyBytes });
  const written: string[] = [];
  for (const [index, image] of gallery.entries()) {
    const file = path.join(folder, `worse-${index + 1}.webp`);
    await writeOutput(file, await draw(image), { what: 'a picture of what got worse', flag: '--pictures DIR' });
    written.push(file);
  }
  return written;
}

async function widerWorst(
  { record, place, data, gt }: WorseSource,
  predictions: string,
  names: readonly string[],
): Promise<GalleryShot[]> {
  if (data === undefined) {
    throw new ProtocolError('--pictures shows images: say where the data set is with --data DIR');
  }
  const listed = await listWiderImages(data);
  const files = new Map(listed.map(({ event, image, file }) => [`${event}/${image}`, file]));
  const present = names.filter((name) => files.has(name)).slice(0, mostPictures);
  if (present.length === 0) return [];
  const groundTruth = gt ?? path.join(data, 'ground_truth');
  return widerShots({ record, place, predictions, groundTruth, split, names: present, files });
}

async function detectionWorst(
  { place, data, gt, images, given }: WorseSource,
  predictions: string,
  losses: ImageLosses,
  names: readonly string[],
): Promise<GalleryShot[]> {
  const flags = {
    ...(data === undefined ? {} : { data }),
    ...(gt === undefined ? {} : { gt }),
    ...(images === undefined ? {} : { images }),
  };
  const view = await collectView([place], { ...flags, pred: [predictions], force: 'never' }, given);
  return detectionShots(view, 0, losses, names).slice(0, mostPictures);
}

/** A picture with its boxes as WebP. */
async function draw({ url = '', widthPx, heightPx, boxes }: GalleryImage): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const jpeg = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  const shapes = boxes.map(({ kind, boxXywh: [x, y, w, h] }) => {
    const dashes = kind === 'ignored' ? ' stroke-dasharray="3 3"' : '';
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colours[kind]}" stroke-width="2"${dashes}/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${shapes.join('')}</svg>`;
  return sharp(jpeg)
    .composite([{ input: Buffer.from(svg) }])
    .webp({ quality: 80 })
    .toBuffer();
}
