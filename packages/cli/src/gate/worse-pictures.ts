import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import type { GalleryImage } from '@retinabench/report';
import type { ResultRecord, Split } from '@retinabench/results';
import { buildGallery } from '../report/gallery/build-gallery.js';
import { writeOutput } from '../terminal/output-file.js';

/** What pictures of what got worse are made of. */
export interface WorseSource {
  readonly baseline: ResultRecord;
  readonly record: ResultRecord;
  /** Names the record, for messages. */
  readonly place: string;
  /** Folder of the record's predictions. */
  readonly predictions: string;
  /** Root of the data set, with the images. */
  readonly data: string;
  readonly groundTruth: string;
  /** Where the pictures go. */
  readonly folder: string;
}

/** A comment with more is not read. */
const mostPictures = 4;
/** The split that a drop is mostly in, and that holds the faces of the others, too. */
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
 * @throws {ProtocolError} if a record has no AP lost per image, as those of `wider` have.
 * @throws {DatasetError} if predictions, ground truth or images cannot be read.
 */
export async function drawWorse(source: WorseSource): Promise<string[]> {
  const { record, place, folder, data, predictions, groundTruth } = source;
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^worse-\d+\.webp$/.test(name)) await rm(path.join(folder, name));
  }
  const listed = await listWiderImages(data);
  const files = new Map(listed.map(({ event, image, file }) => [`${event}/${image}`, file]));
  const names = worseImages(source)
    .filter((name) => files.has(name))
    .slice(0, mostPictures);
  if (names.length === 0) return [];
  const gallery = await buildGallery({
    key: 'head',
    record,
    place,
    predictions,
    groundTruth,
    split,
    names,
    files,
    pictured: new Set(),
    maxBytes: anyBytes,
  });
  const written: string[] = [];
  for (const [index, image] of gallery.entries()) {
    const file = path.join(folder, `worse-${index + 1}.webp`);
    await writeOutput(file, await draw(image), { what: 'a picture of what got worse', flag: '--pictures DIR' });
    written.push(file);
  }
  return written;
}

/** Images by the AP that they lose and did not lose before, worst first. */
function worseImages({ baseline, record, place }: WorseSource): string[] {
  const lostOf = ({ images = [] }: ResultRecord): Map<string, number> =>
    new Map(
      images.flatMap(({ name, apLost }) => (apLost?.[split] === undefined ? [] : [[name, apLost[split]] as const])),
    );
  const [before, after] = [lostOf(baseline), lostOf(record)];
  if (before.size === 0 || after.size === 0) {
    throw new ProtocolError(
      `${place}: expected AP lost per image in both records for --pictures, got none; make them with retinabench wider`,
    );
  }
  return [...after]
    .map(([name, lost]) => ({ name, worse: lost - (before.get(name) ?? lost) }))
    .filter(({ worse }) => worse > 0)
    .sort((a, b) => b.worse - a.worse)
    .map(({ name }) => name);
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
