import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, ProtocolError, readImageHeader } from '@retinabench/core';
import type { FoldPairs } from '@retinabench/eval-ijbc';
import { defaultCacheDir, makeDraftFolder, makeFolder } from '@retinabench/files';
import { cropPlanOf } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';

/** Whether faces are looked for in the images of pairs, or the images are crops that are aligned already. */
export type FaceRule = 'detect' | 'aligned';

/** The images of pairs as a set of which features are extracted, each image once. */
export interface FoldImageSet {
  /** Folder of its lists, in the file formats of IJB-C. */
  readonly meta: string;
  /** Folder of its images. */
  readonly images: string;
  /** The pairs with the rows of the features. */
  readonly pairs: FoldPairs;
}

/** Name of the lists. */
const prefix = 'folds';

/** Extensions that an image of pairs.txt may have. */
const extensions = ['.jpg', '.jpeg', '.png', '.webp', '.bmp'];

/**
 * Lay out the images of pairs for extraction, below the cache: those that a `.bin` holds as files, those that `pairs.txt` names by their
 * places. What is there already of the same content is taken as it is.
 *
 * @param folder of the images of `pairs.txt`.
 * @param faces  `aligned`: the crop that the embedder takes is the whole image, so that its points are where the embedder wants them.
 * @throws {DatasetError} if an image is missing, or an aligned one is neither JPEG nor PNG.
 * @throws {ProtocolError} if the file names no images, or the embedder takes no crops by five points.
 */
export async function layOutFoldImages(
  file: string,
  pairs: FoldPairs,
  faces: FaceRule,
  embedderId: string,
  folder: string | undefined,
): Promise<FoldImageSet> {
  const found = pairs.images === undefined ? await namedImages(file, pairs, folder) : heldImages(pairs.images);
  const place = path.join(defaultCacheDir(), 'fold-images');
  const points = faces === 'aligned' ? await pointsOf(found, embedderId) : undefined;
  const list = found.names.map((name, at) => `${name} ${at + 1} ${at + 1}\n`).join('');
  const digest = createHash('sha256')
    .update(list)
    .update(points ?? '');
  for (const bytes of found.bytes ?? []) digest.update(createHash('sha256').update(bytes).digest());
  const meta = path.join(place, digest.digest('hex').slice(0, 16));
  if (!existsSync(meta)) {
    await makeFolder(place);
    const draft = await makeDraftFolder(place, prefix);
    for (const [at, bytes] of (found.bytes ?? []).entries()) await writeFile(path.join(draft, found.names[at]), bytes);
    await writeFile(path.join(draft, `${prefix}_face_tid_mid.txt`), list);
    await writeFile(path.join(draft, `${prefix}_template_pair_label.txt`), '1 1 1\n');
    if (points !== undefined) await writeFile(path.join(draft, `${prefix}_name_5pts_score.txt`), points);
    // Another process may have laid out the same meanwhile.
    await rename(draft, meta).catch(async (cause: unknown) => {
      if (!existsSync(meta)) throw cause;
      await rm(draft, { recursive: true });
    });
  }
  const row = (slot: number): number => found.rowOf[slot];
  return {
    meta,
    images: found.folder ?? meta,
    pairs: { ...pairs, left: pairs.left.map(row), right: pairs.right.map(row) },
  };
}

interface FoundImages {
  readonly names: readonly string[];
  /** The row of each slot of the pairs. */
  readonly rowOf: Int32Array;
  /** Where the images lie; absent: they are to be written, with these bytes. */
  readonly folder?: string;
  readonly bytes?: readonly Uint8Array[];
}

/** Those of a `.bin`, equal ones once. */
function heldImages(images: readonly Uint8Array[]): FoundImages {
  const rows = new Map<string, number>();
  const bytes: Uint8Array[] = [];
  const rowOf = Int32Array.from(images, (image) => {
    const key = createHash('sha256').update(image).digest('hex');
    const known = rows.get(key);
    if (known !== undefined) return known;
    rows.set(key, bytes.length);
    return bytes.push(image) - 1;
  });
  const names = bytes.map((image, at) => `${String(at).padStart(6, '0')}${extensionOf(image)}`);
  return { names, rowOf, bytes };
}

function extensionOf(image: Uint8Array): string {
  return readImageHeader(image)?.format === 'png' ? '.png' : '.jpg';
}

async function namedImages(file: string, pairs: FoldPairs, folder: string | undefined): Promise<FoundImages> {
  const { names: slots } = pairs;
  if (slots === undefined) {
    throw new ProtocolError(
      `${file}: expected pairs that hold or name images (.bin, pairs.txt), got rows of features; give --features FILE`,
    );
  }
  if (folder === undefined) {
    throw new ProtocolError(`${file}: names images, such as ${slots[0]}; say where they lie with --images DIR`);
  }
  const rows = new Map<string, number>();
  const rowOf = Int32Array.from(slots, (name) => {
    const row = rows.get(name) ?? rows.size;
    rows.set(name, row);
    return row;
  });
  const names = [...rows.keys()].map((name) => {
    const extension = extensions.find((end) => existsSync(path.join(folder, name + end)));
    if (extension !== undefined) return name + extension;
    throw new DatasetError(
      `${path.join(folder, name)}: expected an image (${extensions.join(', ')}), got none; check --images, or remove the pair`,
    );
  });
  return { names, rowOf, folder };
}

/** Lines of points at which the whole image is the crop of the embedder. */
async function pointsOf({ names, bytes, folder = '' }: FoundImages, embedderId: string): Promise<string> {
  const { card } = await resolveModel(embedderId);
  const plan = cropPlanOf(card.input, card.embedding, `model ${card.id}`);
  if (plan.kind !== 'points') {
    throw new ProtocolError(
      `--faces aligned: expected an embedder whose crop is cut by five points, got ${card.id}; use --faces detect`,
    );
  }
  const lines = [];
  for (const [at, name] of names.entries()) {
    const image = bytes?.[at] ?? (await readFile(path.join(folder, name)));
    const header = readImageHeader(image);
    if (header === undefined) {
      throw new DatasetError(`${name}: expected a JPEG or PNG image, got another; use --faces detect`);
    }
    const scaled = plan.points.map((value, axis) =>
      axis % 2 === 0 ? (value * header.widthPx) / plan.widthPx : (value * header.heightPx) / plan.heightPx,
    );
    lines.push(`${name} ${scaled.join(' ')} 1\n`);
  }
  return lines.join('');
}
