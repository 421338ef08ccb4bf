/** What a reader of prediction files can meet and still go on. */
export type ReadingFindingCode =
  /** The count on line 2 is not the number of detection lines. */
  | 'count'
  /** A line that is not blank starts with a space, so that the Python reader skips it. */
  | 'skipped-line'
  /** Line 1 names another image than the file name. */
  | 'name'
  /** Under a binding count line: too few or unreadable lines, so that the image has no detections. */
  | 'emptied'
  /** No name and no count: the first line is a detection. */
  | 'no-header'
  /** Line 1 names the image, line 2 is a detection. */
  | 'no-count'
  /** Line 1 is the count, and nothing names the image. */
  | 'no-name'
  /** Fewer detections than line 2 announces, and no newline at the end. */
  | 'truncated'
  /** Files lie in one folder without event folders; images are told by their names. */
  | 'flat'
  /** A coordinate or score is NaN or infinite. */
  | 'not-finite';

/** One kind of finding, over all files. */
export interface ReadingFinding {
  readonly code: ReadingFindingCode;
  /** Files that it was found in. */
  readonly files: number;
  /** The first of them: `file:line: what`. */
  readonly first: string;
}

/** Gathers findings, at most one of each kind per file. */
export class FindingLog {
  readonly #findings = new Map<ReadingFindingCode, { files: number; first: string; lastFile: string }>();

  /** Note a finding at `file:line`, or of a whole folder at line 0; `what` is only asked for the first of its kind. */
  note(code: ReadingFindingCode, file: string, line: number, what: () => string): void {
    const known = this.#findings.get(code);
    if (known === undefined) {
      this.#findings.set(code, {
        files: 1,
        first: `${file}:${line === 0 ? '' : `${line}:`} ${what()}`,
        lastFile: file,
      });
    } else if (known.lastFile !== file) {
      known.files++;
      known.lastFile = file;
    }
  }

  findings(): ReadingFinding[] {
    return [...this.#findings].map(([code, { files, first }]) => ({ code, files, first }));
  }
}
