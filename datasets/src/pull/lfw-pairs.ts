import { DatasetError } from '@retinabench/core';

/** LFW's verification protocol in IJB-C's file formats. */
export interface VerificationFiles {
  /** `image template media` lines: every image is a template of its own. */
  readonly tidMid: string;
  /** `template1 template2 label` lines, label 1 for the same person. */
  readonly pairLabel: string;
}

/**
 * Turn LFW's `pairs.txt` into the files that the IJB evaluation reads. Its first line has the number of folds; a pair of
 * the same person is `name n1 n2`, of two people `name1 n1 name2 n2`.
 *
 * @throws {DatasetError} if a line is neither.
 */
export function lfwVerificationFiles(pairsText: string): VerificationFiles {
  const templates = new Map<string, number>();
  const templateOf = (name: string, number: string): number => {
    const image = `${name}/${name}_${number.padStart(4, '0')}.jpg`;
    const known = templates.get(image);
    if (known !== undefined) return known;
    templates.set(image, templates.size + 1);
    return templates.size;
  };
  const pairs = pairsText
    .split('\n')
    .slice(1)
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const fields = line.trim().split(/\s+/);
      const [name1, n1, name2, n2] = fields.length === 3 ? [fields[0], fields[1], fields[0], fields[2]] : fields;
      if ((fields.length !== 3 && fields.length !== 4) || !/^\d+$/.test(n1) || !/^\d+$/.test(n2)) {
        throw new DatasetError(
          `pairs.txt:${index + 2}: expected "name n1 n2" or "name1 n1 name2 n2", got ${JSON.stringify(line.slice(0, 80))}; pull lfw again`,
        );
      }
      return [`${templateOf(name1, n1)} ${templateOf(name2, n2)} ${fields.length === 3 ? 1 : 0}\n`];
    });
  const images = [...templates].map(([image, template]) => `${image} ${template} ${template}\n`);
  return { tidMid: images.join(''), pairLabel: pairs.join('') };
}
