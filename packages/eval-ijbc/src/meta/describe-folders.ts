import { DatasetError, shuffle } from '@retinabench/core';

/** One person of a folder of people. */
export interface Person {
  /** Name of the folder. */
  readonly name: string;
  /** File names of the images in it. */
  readonly images: readonly string[];
}

/** What is drawn by chance. */
export interface FolderOptions {
  /** `<prefix>_face_tid_mid.txt` and so on. */
  readonly prefix: string;
  /** Impostor pairs at most; of more, so many are drawn. */
  readonly impostorPairs: number;
  /** Uniform numbers in [0, 1). */
  readonly random: () => number;
}

/** Metadata of a folder of people, and how much of everything. */
export interface FolderMeta {
  /** Text by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly people: number;
  readonly images: number;
  readonly genuine: number;
  readonly impostors: number;
  /** Entries of each gallery. */
  readonly galleries: readonly number[];
  readonly probes: number;
}

/**
 * Templates, pairs, galleries and probes of people who have a folder of images each, in the file formats of IJB-C.
 *
 * Every image is a template of its own. 1:1: all pairs of images of one person are genuine; of the pairs of two people all,
 * or as many as asked, drawn by chance. 1:N: of each person with several images one, drawn by chance, is enrolled, every other person drawn in
 * gallery G1 and the others in G2, as IJB-C has two galleries without a subject in common; all other images are probes, which are
 * non-mated in the gallery that their person is not in, and those of people with one image in both.
 *
 * @param people in any order; they are taken by name.
 * @throws {DatasetError} if there are fewer than two people, nobody has two images, or a name holds white space, which the formats cannot.
 * Cost: O(pairs).
 */
export function describeFolders(
  people: readonly Person[],
  { prefix, impostorPairs, random }: FolderOptions,
): FolderMeta {
  const sorted = people
    .filter(({ images }) => images.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, images }) => ({ name, images: images.toSorted() }));
  const names = sorted.flatMap(({ name, images }) => images.map((image) => `${name}/${image}`));
  const spaced = names.find((name) => /\s/.test(name));
  if (spaced !== undefined) {
    throw new DatasetError(
      `${JSON.stringify(spaced)}: expected a name without white space, which separates columns; rename it`,
    );
  }
  const subjectOf = sorted.flatMap(({ images }, person) => images.map(() => person + 1));
  const genuine: string[] = [];
  for (let a = 0; a < names.length; a++) {
    for (let b = a + 1; b < names.length && subjectOf[b] === subjectOf[a]; b++) genuine.push(`${a + 1} ${b + 1} 1`);
  }
  if (sorted.length < 2 || genuine.length === 0) {
    throw new DatasetError(
      `expected folders of at least two people, one of them with two images, got ${sorted.length} with ${names.length} images; put each person's images into a folder of their own`,
    );
  }
  const impostors = drawImpostors(subjectOf, impostorPairs, random).map(([a, b]) => `${a + 1} ${b + 1} 0`);
  const { galleries, probes } = drawGalleries(subjectOf, random);
  const rows = (templates: readonly number[]): string =>
    lines(['TEMPLATE_ID,SUBJECT_ID,FILENAME', ...templates.map((at) => `${at + 1},${subjectOf[at]},${names[at]}`)]);
  return {
    files: {
      [`${prefix}_face_tid_mid.txt`]: lines(names.map((name, at) => `${name} ${at + 1} ${at + 1}`)),
      [`${prefix}_template_pair_label.txt`]: lines([...genuine, ...impostors]),
      ...Object.fromEntries(galleries.map((entries, i) => [`${prefix}_1N_gallery_G${i + 1}.csv`, rows(entries)])),
      [`${prefix}_1N_probe_mixed.csv`]: rows(probes),
    },
    people: sorted.length,
    images: names.length,
    genuine: genuine.length,
    impostors: impostors.length,
    galleries: galleries.map((entries) => entries.length),
    probes: probes.length,
  };
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}

/** Pairs of images of two people in ascending order: all, or `most` of them. */
function drawImpostors(
  subjectOf: readonly number[],
  most: number,
  random: () => number,
): (readonly [number, number])[] {
  const count = subjectOf.length;
  let total = 0;
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) if (subjectOf[a] !== subjectOf[b]) total++;
  const pairs: (readonly [number, number])[] = [];
  let left = total;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      if (subjectOf[a] === subjectOf[b]) continue;
      // Each of the pairs that are left is taken with the chance that gives as many as are still wanted.
      const wanted = most - pairs.length;
      if (wanted >= left || random() * left < wanted) pairs.push([a, b]);
      left--;
    }
  }
  return pairs;
}

function drawGalleries(
  subjectOf: readonly number[],
  random: () => number,
): { galleries: readonly (readonly number[])[]; probes: readonly number[] } {
  const imagesOf = new Map<number, number[]>();
  subjectOf.forEach((subject, image) => {
    imagesOf.set(subject, [...(imagesOf.get(subject) ?? []), image]);
  });
  const several = shuffle(
    [...imagesOf.values()].filter((images) => images.length > 1),
    random,
  );
  const galleries: number[][] = several.length > 1 ? [[], []] : [[]];
  several.forEach((images, i) => {
    galleries[i % galleries.length].push(images[Math.floor(random() * images.length)]);
  });
  const enrolled = new Set(galleries.flat());
  return {
    galleries: galleries.map((entries) => entries.sort((a, b) => a - b)),
    probes: [...subjectOf.keys()].filter((image) => !enrolled.has(image)),
  };
}
