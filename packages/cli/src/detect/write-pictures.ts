import { decodeImage, type RgbImage } from '@retinabench/backends';
import sharp, { type Sharp } from 'sharp';
import { drawMeshes } from '../dense/draw-meshes.js';
import type { FaceMesh, FaceMeshes } from '../dense/face-meshes.js';
import { alignFace, cropFace } from './crop-face.js';
import { annotate, enlargement, fontPixel } from './draw/annotate.js';
import { type Panel, sideBySide } from './draw/side-by-side.js';
import type { Face } from './face.js';
import type { OwnedFolder } from './owned-folder.js';

/** What one detector found in an image. */
export interface FoundFaces {
  /** Names the detector above its panel. */
  readonly title: string;
  /** Folder of its crops, below that of all; absent where it is the only detector. */
  readonly folder?: string;
  readonly faces: readonly Face[];
  /** Draws the meshes of the faces; absent: none were asked. */
  readonly meshes?: FaceMeshes;
}

/** Where pictures go. */
export interface PictureFolders {
  readonly draw?: OwnedFolder;
  readonly crop?: OwnedFolder;
  readonly align?: OwnedFolder;
  /** Share of a box that is added on each side of a crop. */
  readonly cropMargin: number;
}

/** Longest side of a panel where several are side by side. */
const panelSidePx = 1280;

/**
 * Write the annotated picture of an image and its face crops.
 *
 * @param file is decoded again, with its EXIF orientation.
 * @param name of the pictures, without extension; a crop's ends with the rank of its face, `-1` the best.
 * @param found by each detector in turn.
 * @returns how many faces could not be aligned.
 * @throws {DatasetError} if the image does not decode any more, or a picture would replace a file of somebody else.
 */
export async function writePictures(
  file: string,
  name: string,
  found: readonly FoundFaces[],
  folders: PictureFolders,
): Promise<{ readonly unaligned: number }> {
  const image = await decodeImage(file, file);
  const { draw } = folders;
  if (draw !== undefined) await draw.write(`${name}.jpg`, await jpegOf(await drawFaces(image, found)));
  return writeCrops(image, name, found, folders);
}

/**
 * Write the crops of the faces that each detector found in an image, as far as the folders ask for them.
 *
 * @returns how many faces could not be aligned.
 */
export async function writeCrops(
  image: RgbImage,
  name: string,
  found: readonly FoundFaces[],
  { crop, align, cropMargin }: PictureFolders,
): Promise<{ readonly unaligned: number }> {
  let unaligned = 0;
  for (const { folder, faces } of found) {
    for (const [index, face] of faces.entries()) {
      const file = `${folder === undefined ? '' : `${folder}/`}${name}-${index + 1}.png`;
      const cropped = crop === undefined ? undefined : cropFace(image, face, cropMargin);
      if (cropped !== undefined) await crop?.write(file, await pngOf(cropped));
      if (align === undefined) continue;
      const aligned = alignFace(image, face);
      if (aligned === undefined) unaligned++;
      else await align.write(file, await pngOf(aligned));
    }
  }
  return { unaligned };
}

/** The image with the faces of one detector, or a panel for each of several. */
export async function drawFaces(image: RgbImage, found: readonly FoundFaces[]): Promise<RgbImage> {
  const several = found.length > 1;
  const longSidePx = Math.max(image.widthPx, image.heightPx);
  const scale = several && longSidePx > panelSidePx ? panelSidePx / longSidePx : enlargement(image);
  const base = await resized(image, scale);
  const panels = found.map(({ title, faces, meshes }): Panel => {
    const picture =
      meshes === undefined ? { ...base, data: base.data.slice() } : withMeshes(base, faces, meshes, scale);
    annotate(picture, faces, scale);
    return { title: `${title}: ${faces.length} ${faces.length === 1 ? 'face' : 'faces'}`, picture };
  });
  return several ? sideBySide(panels, fontPixel(base)) : panels[0].picture;
}

/** A picture with the shapes of the faces over it; `enlarged` times the image that they are of. */
function withMeshes(picture: RgbImage, faces: readonly Face[], meshes: FaceMeshes, enlarged: number): RgbImage {
  const drawn = faces.flatMap((face) => {
    const mesh = meshes.of(face);
    return mesh === undefined || 'lost' in mesh ? [] : [atScale(mesh, enlarged)];
  });
  const { data } = drawMeshes(meshes.model, picture, drawn, 'shape');
  return { ...picture, data };
}

function atScale(mesh: FaceMesh, scale: number): FaceMesh {
  const { centreX, centreY, sidePx, roll } = mesh.frame;
  return { ...mesh, frame: { centreX: centreX * scale, centreY: centreY * scale, sidePx: sidePx * scale, roll } };
}

async function resized(image: RgbImage, scale: number): Promise<RgbImage> {
  if (scale === 1) return image;
  const { data, info } = await sharpOf(image)
    .resize(Math.max(1, Math.round(image.widthPx * scale)), Math.max(1, Math.round(image.heightPx * scale)), {
      fit: 'fill',
      kernel: 'cubic',
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
}

function jpegOf(image: RgbImage): Promise<Uint8Array> {
  return sharpOf(image).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();
}

function pngOf(image: RgbImage): Promise<Uint8Array> {
  return sharpOf(image).png().toBuffer();
}

function sharpOf({ data, widthPx, heightPx }: RgbImage): Sharp {
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}
