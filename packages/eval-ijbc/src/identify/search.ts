import { DatasetError } from '@retinabench/core';
import type { Enrolment } from '../meta/enrolment.js';
import { type ScoreOptions, scorePairs } from '../score/score-pairs.js';
import type { TemplateIndex } from '../template/index-templates.js';
import type { Templates } from '../template/templates.js';

/** Templates of one 1:N search, and how they are scored. */
export interface SearchInput {
  readonly templates: Templates;
  readonly index: TemplateIndex;
  readonly probes: Enrolment;
  readonly options?: Omit<ScoreOptions, 'onPairs'>;
  /** Called now and then with the number of probes searched. */
  readonly onProbes?: (probes: number) => void;
}

/** What one probe found. */
export interface SearchHit {
  /** Index of the probe. */
  readonly probe: number;
  /** Similarity to every gallery entry, in the gallery's order; valid during the call. */
  readonly similarities: Float64Array;
  /** The gallery entry of the probe's subject, -1 if it is not enrolled. */
  readonly mate: number;
  /** Whether the probe has no usable feature: every similarity is 0, and all entries tie. */
  readonly isZero: boolean;
}

/** Pairs scored at a time. */
const pairsAtOnce = 1 << 22;

/**
 * Compare every probe with every gallery entry.
 *
 * @param gallery one template per subject.
 * @param onHit called for each probe in ascending template id.
 * @throws {DatasetError} if a template has no image, or a subject is enrolled twice.
 * Cost: probes x gallery dot products (scorePairs); memory for 4 million of them at a time.
 */
export async function searchGallery(
  { templates, index, probes, options, onProbes = () => undefined }: SearchInput,
  gallery: Enrolment,
  onHit: (hit: SearchHit) => void,
): Promise<void> {
  const columns = indicesOf(gallery, index, 'gallery');
  const rows = indicesOf(probes, index, 'probe');
  const entryOf = new Map<number, number>();
  gallery.subjectIds.forEach((subject, entry) => {
    if (entryOf.has(subject)) {
      throw new DatasetError(
        `gallery: expected one template per subject, got templates ${gallery.templateIds[entryOf.get(subject)!]} and ${gallery.templateIds[entry]} of subject ${subject}`,
      );
    }
    entryOf.set(subject, entry);
  });

  const zeroIds = new Set(templates.zeroIds);
  const width = columns.length;
  const rowsAtOnce = Math.max(1, Math.floor(pairsAtOnce / width));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const block = rows.subarray(start, start + rowsAtOnce);
    const left = new Int32Array(block.length * width);
    const right = new Int32Array(block.length * width);
    block.forEach((row, i) => {
      left.fill(row, i * width, (i + 1) * width);
      right.set(columns, i * width);
    });
    const scores = await scorePairs(templates, { left, right }, options);
    for (let i = 0; i < block.length; i++) {
      const probe = start + i;
      onHit({
        probe,
        similarities: scores.subarray(i * width, (i + 1) * width),
        mate: entryOf.get(probes.subjectIds[probe]) ?? -1,
        isZero: zeroIds.has(probes.templateIds[probe]),
      });
    }
    onProbes(start + block.length);
  }
}

function indicesOf({ templateIds }: Enrolment, { indexOf }: TemplateIndex, role: string): Int32Array {
  return templateIds.map((id) => {
    const template = indexOf(id);
    if (template < 0) {
      throw new DatasetError(
        `${role}: expected templates with images, got ${id}, which no line of the image list names; are all files of the same data set?`,
      );
    }
    return template;
  });
}

/** Rank of the mate, 1 + gallery entries that are strictly more similar; and the highest similarity of the others. */
export function rankOfMate(similarities: Float64Array, mate: number): { rank: number; bestOther: number } {
  const own = similarities[mate];
  let rank = 1;
  let bestOther = -Infinity;
  for (let entry = 0; entry < similarities.length; entry++) {
    if (entry === mate) continue;
    if (similarities[entry] > own) rank++;
    if (similarities[entry] > bestOther) bestOther = similarities[entry];
  }
  return { rank, bestOther };
}
