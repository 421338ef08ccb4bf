import { DatasetError } from '@retinabench/core';
import { forEachLine, quoteLine } from '../text/lines.js';
import { parseId } from './id.js';

/** Templates of a gallery or of the probes, in ascending template id. */
export interface Enrolment {
  /** Int32Array [templates], ascending, without repetition. */
  readonly templateIds: Int32Array;
  /** Int32Array [templates]: subject of the template's first row. */
  readonly subjectIds: Int32Array;
}

/**
 * Read a 1:N file (`<prefix>_1N_gallery_G1.csv`, `<prefix>_1N_probe_mixed.csv`, ...): a header line, then rows
 * separated by commas whose first two columns are template id and subject id. A template repeats once per image.
 *
 * @throws {DatasetError} with file and line if a row does not start with two ids, or if there is no row.
 */
export async function readEnrolment(file: string): Promise<Enrolment> {
  const subjectOf = new Map<number, number>();
  await forEachLine(file, (text, line) => {
    if (line === 1) return;
    const fields = text.split(',');
    const templateId = parseId(fields[0]?.trim());
    const subjectId = parseId(fields[1]?.trim());
    if (templateId === undefined || subjectId === undefined) {
      throw new DatasetError(
        `${file}:${line}: expected a template id, a subject id and further columns separated by commas, got ${quoteLine(text)}`,
      );
    }
    if (!subjectOf.has(templateId)) subjectOf.set(templateId, subjectId);
  });
  if (subjectOf.size === 0) {
    throw new DatasetError(`${file}: expected a header line and at least one row, got none`);
  }
  const templateIds = Int32Array.from(subjectOf.keys()).sort();
  return { templateIds, subjectIds: templateIds.map((id) => subjectOf.get(id)!) };
}
