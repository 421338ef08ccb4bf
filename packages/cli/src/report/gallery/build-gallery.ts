import type { GalleryBox, GalleryCrop, GalleryImage } from '@retinabench/report';
import { makeCrop, makeThumbnail } from './thumbnail.js';

/** One image of a record, and what became of its faces and detections. */
export interface GalleryShot {
  readonly name: string;
  /** Folder of the image. */
  readonly event: string;
  /** Which faces count. */
  readonly split: string;
  /** The number that is lost, as the page calls it. */
  readonly number: string;
  readonly apLost: number;
  readonly file: string;
  /** In pixels of the image. */
  readonly boxes: readonly GalleryBox[];
}

/** What the gallery of one record is made of. */
export interface GallerySource {
  /** Key of the record on the page. */
  readonly key: string;
  /** Images to show, worst first. */
  readonly shots: readonly GalleryShot[];
  /** Images whose picture is in the page already; those that this gallery adds are put in. */
  readonly pictured: Set<string>;
  /** Bytes that pictures may take; images beyond are listed without. */
  readonly maxBytes: number;
}

/** Missed faces that are cut out of an image at most, largest first. */
const maxCrops = 6;

/**
 * Images of a record with their boxes; a picture that the page has already is left out.
 *
 * @throws {DatasetError} if an image cannot be read.
 */
export async function buildGallery({ key, shots, pictured, maxBytes }: GallerySource): Promise<GalleryImage[]> {
  const images: GalleryImage[] = [];
  let bytes = 0;
  for (const shot of shots) {
    const shown = await showImage(key, shot);
    const made = pictured.has(shot.name) ? withoutPicture(shown) : shown;
    const size = sizeOf(made);
    const fits = bytes + size <= maxBytes;
    if (fits) bytes += size;
    if (fits) pictured.add(shot.name);
    images.push(fits ? made : { ...withoutPicture(made), crops: [] });
  }
  return images;
}

async function showImage(key: string, { file, boxes, ...shot }: GalleryShot): Promise<GalleryImage> {
  const { url, widthPx, heightPx, scale } = await makeThumbnail(file);
  return {
    key,
    ...shot,
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
