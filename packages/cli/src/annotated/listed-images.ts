import { withoutExtension } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import { readTextFile } from '../terminal/read-text-file.js';

/** The images of a list among all that are annotated. */
export interface ListedImages {
  /** Uint8Array [annotated images]: 1 where the list names the image. */
  readonly keep: Uint8Array;
  /** How many it names. */
  readonly count: number;
  /** What the reader of a number of theirs must know. */
  readonly note: string;
}

/**
 * Read the list of `--only`: an annotated image a line, with or without extension and with `/`, `./` or `# ` before it. Empty
 * lines are passed over.
 *
 * @param images   names of all annotated images.
 * @param location names their annotations, for messages.
 * @throws {DatasetError} if the list cannot be read, names no image, or a line names none, several, or one that an earlier
 * line names.
 * Cost: O(images + lines).
 */
export async function readListedImages(
  file: string,
  images: readonly string[],
  location: string,
): Promise<ListedImages> {
  const lines = (await readTextFile(file, 'a list of images, a name a line')).split(/\r?\n/);
  const find = finder(images);
  const lineOf = new Map<number, number>();
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const place = `${file}:${index + 1}`;
    const found = find(line);
    if (found.length !== 1) {
      throw new DatasetError(
        found.length === 0
          ? `${place}: expected an image of ${location}, such as ${quote(images[0] ?? '')}, got ${quote(line)}; correct the line, or choose other annotations with --gt`
          : `${place}: expected the name of one image, got ${quote(line)}, which may be ${found.map((image) => quote(images[image])).join(' or ')}; write the whole name with its extension`,
      );
    }
    const earlier = lineOf.get(found[0]);
    if (earlier !== undefined) {
      throw new DatasetError(
        `${place}: expected each image once, got ${quote(images[found[0]])}, which line ${earlier} names, too; remove one of the lines`,
      );
    }
    lineOf.set(found[0], index + 1);
  });
  if (lineOf.size === 0) {
    throw new DatasetError(
      `${file}: expected images of ${location}, a name a line, got an empty list; write names, or leave --only out to take all images`,
    );
  }
  return {
    keep: Uint8Array.from(images, (_, image) => (lineOf.has(image) ? 1 : 0)),
    count: lineOf.size,
    note: `--only: ${formatCount(lineOf.size)} of ${formatCount(images.length)} images, those of ${file}.`,
  };
}

/** The images that a line may mean: those of exactly that name, else those that differ by an extension that one of both lacks. */
function finder(images: readonly string[]): (line: string) => readonly number[] {
  const whole = places(images, (name) => name);
  const stems = places(images, withoutExtension);
  return (line) => {
    const written = line.trim().normalize('NFC');
    const name = written
      .replaceAll('\\', '/')
      .replace(/^#\s*/, '')
      .replace(/^(\.?\/)+/, '');
    const alike = (): number[] =>
      (stems.get(withoutExtension(name)) ?? []).filter((image) => {
        const [own, other] = [extensionOf(images[image]), extensionOf(name)];
        return own === '' || other === '' || own === other;
      });
    return whole.get(written) ?? whole.get(name) ?? alike();
  };
}

/** `.jpg` of `a.JPEG`; empty where a name has no extension of an image. */
function extensionOf(name: string): string {
  return name.slice(withoutExtension(name).length).toLowerCase().replace('.jpeg', '.jpg');
}

function places(images: readonly string[], key: (name: string) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  images.forEach((image, index) => {
    const name = key(image);
    const others = found.get(name);
    if (others === undefined) found.set(name, [index]);
    else others.push(index);
  });
  return found;
}

function quote(name: string): string {
  return JSON.stringify(name.trim().slice(0, 80));
}
