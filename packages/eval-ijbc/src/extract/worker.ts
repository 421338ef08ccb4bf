import {
  type DetectionProtocol,
  decodeImage,
  loadBackend,
  loadDetector,
  type RgbImage,
  readImageFile,
  type Session,
  serveTasks,
} from '@retinabench/backends';
import { DatasetError, resizeBilinear } from '@retinabench/core';
import type { StampedFile } from '@retinabench/files';
import type { CropPlan, ModelCard } from '@retinabench/models';
import { cutFace } from './cut-face.js';
import { createEmbedder } from './embedder.js';
import { createLandmarker } from './landmarker.js';
import { type LocatedFace, locateFace } from './locate-face.js';

/** A model and its card. The bytes are those that the identity of the extraction names: no worker reads the file again. */
export interface ModelFile {
  /** For messages. */
  readonly onnxPath: string;
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

/** What a worker process needs before its first images. */
export interface ExtractInit {
  /** Absent: the points are given with the images. */
  readonly detector?: ModelFile & { readonly asked: Partial<DetectionProtocol> };
  /** A 68-point network that finds the landmarks in detected boxes. */
  readonly landmarker?: ModelFile;
  readonly embedder: ModelFile;
  readonly crop: CropPlan;
  readonly backend: string;
  readonly threads: number;
  /** Whether the mirrored crop is embedded, too. */
  readonly flip: boolean;
  /** Longer side that images are resized to first, bilinearly; absent: as they are. */
  readonly resizeLongPx?: number;
}

/** One image. */
export interface ExtractImage {
  readonly file: string;
  /** Five points that are given: [5, 2]. */
  readonly points?: readonly number[];
  /** The detector's score that is given with them. */
  readonly score?: number;
  /** SHA-256 of the image whose feature is at hand: if it is still that, nothing is decoded. */
  readonly knownSha256?: string;
}

/** Images that are embedded together. */
export interface ExtractTask {
  readonly images: readonly ExtractImage[];
}

/** What became of one image. */
export interface ExtractResult {
  /** Of the bytes that were read. */
  readonly reading: Pick<StampedFile, 'sha256' | 'stamp'>;
  /** Absent: the bytes are those of `knownSha256`. */
  readonly face?: ExtractedFace;
  /** In what the machine that did it differs from what the run asks for; absent: in nothing. */
  readonly madeBy?: readonly string[];
}

/** The face of an image. */
export interface ExtractedFace extends Pick<LocatedFace, 'points' | 'score' | 'source'> {
  readonly feature: Float32Array;
  readonly flipped?: Float32Array;
}

/** The bytes are read once: what is hashed is what is decoded. */
interface PreparedImage {
  readonly reading: ExtractResult['reading'];
  readonly pixels?: RgbImage;
}

serveTasks<ExtractInit, ExtractTask, PreparedImage[], ExtractResult[]>(async (init) => {
  const extract = await openExtractor(init);
  const prepare = async ({ file, knownSha256 }: ExtractImage): Promise<PreparedImage> => {
    const { bytes, ...reading } = await readImageFile(file);
    if (reading.sha256 === knownSha256) return { reading };
    return { reading, pixels: resizeLong(await decodeImage(bytes, file), init.resizeLongPx) };
  };
  return {
    prepare: ({ images }) => Promise.all(images.map(prepare)),
    run: async ({ images }, prepared) => {
      const open = images.flatMap((image, i) => {
        const { pixels } = prepared[i];
        return pixels === undefined ? [] : [{ ...image, pixels }];
      });
      const faces = (await extract(open)).values();
      return prepared.map(({ reading, pixels }) => {
        const face = pixels === undefined ? undefined : faces.next().value;
        return face === undefined ? { reading } : { reading, face };
      });
    },
  };
});

/** An image whose pixels are at hand. */
interface DecodedImage extends ExtractImage {
  readonly pixels: RgbImage;
}

/** Load the networks of an extraction; what comes back finds, cuts and embeds the faces of images. */
async function openExtractor(
  init: ExtractInit,
): Promise<(images: readonly DecodedImage[]) => Promise<ExtractedFace[]>> {
  const { crop, flip } = init;
  const options = { threads: init.threads };
  const backend = await loadBackend(init.backend);
  const createSession = ({ bytes, onnxPath }: ModelFile): Promise<Session> =>
    backend.createSession(bytes, onnxPath, options);
  const embedder = await createEmbedder(init.embedder.card, await createSession(init.embedder));
  const detector = init.detector && (await loadDetector(init.detector, init.backend, init.detector.asked, options));
  const landmarker = init.landmarker && createLandmarker(init.landmarker.card, await createSession(init.landmarker));

  const locate = async ({ pixels, file, points, score }: DecodedImage): Promise<LocatedFace> => {
    if (detector !== undefined) return locateFace(detector.detector, landmarker, pixels, points);
    if (points === undefined) throw new DatasetError(`${file}: expected five points with the image, got none`);
    return { points: Float32Array.from(points), score: score ?? 1, source: 'given' };
  };

  return async (images) => {
    if (images.length === 0) return [];
    const faces: LocatedFace[] = [];
    for (const image of images) faces.push(await locate(image));
    const crops = faces.map((face, i) => cropOf(images[i], face, crop));
    const features = await embedder.embed(crops.map((crop) => ({ crop, mirror: false })));
    const flipped = flip ? await embedder.embed(crops.map((crop) => ({ crop, mirror: true }))) : undefined;
    return faces.map(({ points, score, source }, i) => ({
      points,
      score,
      source,
      feature: features[i],
      ...(flipped === undefined ? {} : { flipped: flipped[i] }),
    }));
  };
}

/** @throws {DatasetError} if what was located defines no crop. */
function cropOf({ pixels, file }: DecodedImage, face: LocatedFace, plan: CropPlan): RgbImage {
  const crop = cutFace(pixels, face, plan);
  if (crop !== undefined) return crop;
  const [what, numbers] = plan.kind === 'box' ? ['a detected box', face.box] : ['five points', face.points];
  throw new DatasetError(`${file}: expected ${what} that define a crop, got [${numbers?.join(', ') ?? 'none'}]`);
}

function resizeLong(image: RgbImage, longPx: number | undefined): RgbImage {
  const long = Math.max(image.widthPx, image.heightPx);
  if (longPx === undefined || long === longPx) return image;
  const widthPx = Math.max(1, Math.round((image.widthPx * longPx) / long));
  const heightPx = Math.max(1, Math.round((image.heightPx * longPx) / long));
  const geometry = { sourceWidthPx: image.widthPx, sourceHeightPx: image.heightPx, widthPx, heightPx };
  return { widthPx, heightPx, data: resizeBilinear(image.data, geometry, new Uint8Array(widthPx * heightPx * 3)) };
}
