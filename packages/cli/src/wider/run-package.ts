import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { packageSubmission } from '@retinabench/eval-wider';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { listedName } from './evaluated-images.js';

/** Images of the complete WIDER FACE test set. */
const widerTestImages = 16_097;

interface PackageFlags extends OutputFlags {
  readonly pred: string;
  readonly data: string;
  readonly list?: string;
  readonly out?: string;
}

const archiveOutput: OutputKind = { what: 'the archive', flag: '--out FILE', begins: /^PK/ };

/** The action of `retinabench wider package`. */
export async function runPackage(flags: PackageFlags): Promise<void> {
  const output = outputOf(flags);
  const out = flags.out ?? `${path.resolve(flags.pred)}.zip`;
  await requireWritable(out, archiveOutput);
  const images = flags.list === undefined ? await imagesOfData(flags.data) : await imagesOfList(flags.list);
  const progress = startProgress(output, images.length, 'images');
  const packed = packageSubmission(flags.pred, images, progress.update);
  try {
    await writeOutput(out, packed.archive, archiveOutput);
  } finally {
    progress.stop();
  }
  const { detections, bytes } = packed;
  if (images.length !== widerTestImages) {
    printNote(
      `note: ${images.length} images; the test set of WIDER FACE has ${widerTestImages.toLocaleString('en')}, and its server takes all or none`,
    );
  }
  printResult(output, `${images.length} images, ${detections} detections, ${bytes} bytes: ${out}`);
  printJson(output, { file: out, images: images.length, detections, bytes });
}

async function imagesOfData(data: string): Promise<string[]> {
  const { root } = await resolveDataset(data);
  return (await listWiderImages(root)).map(({ event, image }) => `${event}/${image}`);
}

async function imagesOfList(file: string): Promise<string[]> {
  const names = (await readTextFile(file, 'a list of images, <event>/<image> a line'))
    .split(/\r?\n/)
    .map(listedName)
    .filter((name) => name !== '');
  const before = new Set<string>();
  const wrong = names.find((name) => !/^[^/]+\/[^/]+$/.test(name) || before.size === before.add(name).size);
  if (names.length === 0 || wrong !== undefined) {
    const got = wrong === undefined ? 'an empty list' : JSON.stringify(wrong.slice(0, 80));
    throw new DatasetError(
      `${file}: expected images, <event>/<image> a line and each once, got ${got}; correct the list`,
    );
  }
  return names;
}
