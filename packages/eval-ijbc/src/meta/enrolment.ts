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

/** A row that gives a template another subject than its first row. */
export interface SubjectConflict {
  readonly templateId: number;
  readonly firstLine: number;
  readonly firstSubject: number;
  readonly line: number;
  readonly subject: number;
}

/** An enrolment as its file has it. */
export interface EnrolmentFile extends Enrolment {
  readonly place: string;
  /** Whether the first line names columns; else it is the first row. */
  readonly hasHeader: boolean;
  /** One for each template with rows of several subjects. */
  readonly conflicts: readonly SubjectConflict[];
}

/** Where the two ids of a row stand. */
interface Columns {
  readonly template: number;
  readonly subject: number;
}

/**
 * Read a 1:N file (`<prefix>_1N_gallery_G1.csv`, `<prefix>_1N_probe_mixed.csv`, ...): rows separated by commas with
 * template id and subject id, below a header line or without one. A header that names `TEMPLATE_ID` and `SUBJECT_ID`
 * (in any case; `template`, `tid`, `person`, ... too) says in which columns they stand; otherwise they are the first two. A template
 * repeats once per image; the subject of its first row counts.
 *
 * @throws {DatasetError} with file and line if a row does not hold two ids there, if the first line is neither a
 * header nor a row, if a header names one of the two columns in an unusual place, or if there is no row.
 */
export async function readEnrolment(file: string): Promise<EnrolmentFile> {
  const firstOf = new Map<number, { readonly line: number; readonly subject: number }>();
  const conflicts = new Map<number, SubjectConflict>();
  let columns: Columns = { template: 0, subject: 1 };
  let hasHeader = false;
  await forEachLine(file, (text, line) => {
    const fields = text.split(',').map((field) => field.trim());
    if (line === 1 && isHeader(fields)) {
      columns = columnsOf(fields, file);
      hasHeader = true;
      return;
    }
    const templateId = parseId(fields[columns.template]);
    const subject = parseId(fields[columns.subject]);
    if (templateId === undefined || subject === undefined) {
      throw new DatasetError(
        `${file}:${line}: expected a template id, a subject id and further columns separated by commas, got ${quoteLine(text)}`,
      );
    }
    const first = firstOf.get(templateId);
    if (first === undefined) firstOf.set(templateId, { line, subject });
    else if (first.subject !== subject && !conflicts.has(templateId)) {
      conflicts.set(templateId, { templateId, firstLine: first.line, firstSubject: first.subject, line, subject });
    }
  });
  if (firstOf.size === 0) throw new DatasetError(`${file}: expected at least one row, got none`);
  const templateIds = Int32Array.from(firstOf.keys()).sort();
  return {
    place: file,
    hasHeader,
    templateIds,
    subjectIds: templateIds.map((id) => firstOf.get(id)!.subject),
    conflicts: [...conflicts.values()],
  };
}

/** Whether a first line names columns: none of its first two fields is a number. */
function isHeader(fields: readonly string[]): boolean {
  return fields.length >= 2 && fields.slice(0, 2).every((field) => field !== '' && Number.isNaN(Number(field)));
}

/** Names that lists give to the columns of template and subject, apart from a trailing `id`. */
const columnNames = { template: ['template', 't'], subject: ['subject', 's', 'person', 'identity'] } as const;

/**
 * Where a header says that the ids stand: by its names, else the first two columns.
 *
 * @throws {DatasetError} if it names one of the two alone, in a column that is not its usual one.
 */
function columnsOf(header: readonly string[], place: string): Columns {
  const named = (column: keyof Columns): number =>
    header.findIndex((field) =>
      columnNames[column].some((word) => new RegExp(`^"?${word}([ _-]?id)?"?$`, 'i').test(field)),
    );
  const [template, subject] = [named('template'), named('subject')];
  if (template >= 0 && subject >= 0) return { template, subject };
  if (template > 0 || (subject >= 0 && subject !== 1)) {
    throw new DatasetError(
      `${place}:1: expected the columns TEMPLATE_ID and SUBJECT_ID, got ${quoteLine(header.join(','))}, which names one of them; name both`,
    );
  }
  return { template: 0, subject: 1 };
}
