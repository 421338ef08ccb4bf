/** One image of the embedded template set. */
export interface LooseCrop {
  readonly name: string;
  /** From 1; crops come in twos of one subject. */
  readonly subject: number;
  /** [5, 2], in pixels of the crop. */
  readonly points: readonly number[];
}

/**
 * The metadata of the embedded template set, by file name: every crop is a template, every pair is compared. Of each
 * subject the first crop is enrolled, in gallery G1 for the first half of the subjects and in G2 for the others, and the
 * second is a probe.
 */
export function describeTemplateSet(crops: readonly LooseCrop[]): Readonly<Record<string, string>> {
  const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`;
  const csv = (rows: readonly LooseCrop[]): string =>
    lines([
      'TEMPLATE_ID,SUBJECT_ID,FILENAME',
      ...rows.map((crop) => [idOf(crops, crop), crop.subject, crop.name].join(',')),
    ]);
  const enrolled = crops.filter((_, i) => i % 2 === 0);
  const half = Math.ceil(enrolled.length / 2);
  return {
    'mini_face_tid_mid.txt': lines(crops.map((crop) => `${crop.name} ${idOf(crops, crop)} ${idOf(crops, crop)}`)),
    'mini_name_5pts_score.txt': lines(
      crops.map(({ name, points }) => `${name} ${points.map((value) => value.toFixed(3)).join(' ')} 1.000`),
    ),
    'mini_template_pair_label.txt': lines(
      crops.flatMap((a, i) =>
        crops.slice(i + 1).map((b) => `${idOf(crops, a)} ${idOf(crops, b)} ${a.subject === b.subject ? 1 : 0}`),
      ),
    ),
    'mini_1N_gallery_G1.csv': csv(enrolled.slice(0, half)),
    'mini_1N_gallery_G2.csv': csv(enrolled.slice(half)),
    'mini_1N_probe_mixed.csv': csv(crops.filter((_, i) => i % 2 === 1)),
  };
}

function idOf(crops: readonly LooseCrop[], crop: LooseCrop): number {
  return crops.indexOf(crop) + 1;
}
