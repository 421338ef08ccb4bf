import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, seededRandom } from '@retinabench/core';
import { describeFolders, type Person } from '@retinabench/eval-ijbc';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, writeOutput } from '../terminal/output-file.js';

interface MetaCommandFlags extends OutputFlags {
  readonly fromFolders: string;
  readonly out: string;
  readonly prefix?: string;
  readonly impostorPairs: number;
  readonly seed: number;
}

const metaOutput: OutputKind = { what: 'the metadata', flag: '--out DIR' };

/** What is taken for an image. */
const imageName = /\.(jpe?g|png|webp)$/i;

/** The action of `retinabench ijbc meta`. */
export async function runMeta(flags: MetaCommandFlags): Promise<void> {
  const output = outputOf(flags);
  const prefix = flags.prefix ?? path.basename(path.resolve(flags.fromFolders)).replace(/[^A-Za-z0-9-]+/g, '-');
  if (!/^[A-Za-z0-9-]+$/.test(prefix)) {
    throw new DatasetError(`--prefix ${JSON.stringify(prefix)}: expected letters, digits and hyphens`);
  }
  const people = await readPeople(flags.fromFolders);
  const { files, ...counts } = describeFolders(people, {
    prefix,
    impostorPairs: flags.impostorPairs,
    random: seededRandom(flags.seed),
  });
  const outputs = Object.keys(files).map((name) => path.join(flags.out, name));
  const there = outputs.find((file) => existsSync(file));
  if (there !== undefined) throw new DatasetError(`${there}: exists already; name another folder with --out DIR`);
  for (const [name, text] of Object.entries(files)) await writeOutput(path.join(flags.out, name), text, metaOutput);
  printJson(output, { folder: flags.out, prefix, ...counts });
  const number = (count: number): string => count.toLocaleString('en');
  printResult(
    output,
    `${number(counts.people)} people, ${number(counts.images)} images; ${number(counts.genuine)} genuine and ${number(counts.impostors)} impostor pairs; galleries of ${counts.galleries.map(number).join(' and ')}, ${number(counts.probes)} probes: ${flags.out}`,
  );
}

/** The people of a folder; what is neither a person's folder nor an image is counted and left out. */
async function readPeople(folder: string): Promise<Person[]> {
  const people: Person[] = [];
  let other = 0;
  for (const name of await list(folder)) {
    const inside = await list(path.join(folder, name)).catch(() => undefined);
    if (inside === undefined) {
      other++;
      continue;
    }
    const images = inside.filter((image) => imageName.test(image));
    other += inside.length - images.length;
    people.push({ name, images });
  }
  if (other > 0)
    printNote(`left out: ${other} entries of ${folder} that are no JPEG, PNG or WebP in a person's folder`);
  return people;
}

/** Names in a folder, hidden ones left out. */
async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new DatasetError(`${folder}: expected a folder of people (${(cause as Error).message}); check the path`, {
      cause,
    });
  }
}
