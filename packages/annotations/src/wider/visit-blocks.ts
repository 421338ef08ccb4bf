import { DatasetError } from '@retinabench/core/basics';
import { assertNotCut } from '../source/assert-not-cut.js';
import type { ByteSource } from '../source/open-source.js';
import { visitLines } from '../source/visit-lines.js';

/** What the blocks of a text are. */
export interface BlockForm {
  /** What the rows behind a count are, for messages. */
  readonly rows: 'faces' | 'detections';
  /** What a block begins with, for messages: `the path of an image`. */
  readonly nameForm: string;
  readonly isName: (text: string) => boolean;
}

/** Called with the name of each image, then with each of its rows. */
export interface BlockVisitor {
  image(name: string, where: string): void;
  /** @param numbers fields of the row, NaN for one that is no number. @param row its text, for messages. */
  row(numbers: readonly number[], row: string, where: string): void;
}

/**
 * Read a text in blocks, one an image, as WIDER FACE's annotations and FDDB's lists are: the name of the image, the number of its
 * rows, then a row of numbers each. An image without rows has the count 0 and may have a line of zeros. Blank lines between
 * blocks are passed over.
 *
 * @param text  of the file, or the file. @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name or count is malformed or rows are missing at the end or the last is cut; whatever the visitor throws.
 * Cost: O(text).
 */
export function visitBlocks(text: string | ByteSource, place: string, form: BlockForm, visitor: BlockVisitor): void {
  const reader = new BlockReader(place, form, visitor);
  visitLines(text, (line, _, isEnded) => reader.take(line, isEnded));
  reader.end();
}

/** Takes lines one by one: a name, its count, the rows, and the next name. */
class BlockReader {
  readonly #place: string;
  readonly #form: BlockForm;
  readonly #visitor: BlockVisitor;
  #line = 0;
  /** The image whose count comes next, or whose rows do. */
  #name = '';
  #state: 'name' | 'count' | 'zeros or name' | 'rows' = 'name';
  #count = 0;
  #countLine = 0;
  /** Of the rows so far. */
  #mostFields = 0;

  constructor(place: string, form: BlockForm, visitor: BlockVisitor) {
    this.#place = place;
    this.#form = form;
    this.#visitor = visitor;
  }

  take(line: string, isEnded: boolean): void {
    this.#line++;
    const content = line.trim();
    if (this.#state === 'rows') this.#takeRow(content, isEnded);
    else if (this.#state === 'count') this.#takeCount(content);
    else this.#takeName(content);
  }

  /** @throws {DatasetError} if the last block is not whole. */
  end(): void {
    if (this.#state === 'count') throw this.#wrongCount(this.#line + 1, '');
    if (this.#state !== 'rows') return;
    const most = `, at most the ${this.#line - this.#countLine} lines left`;
    throw this.#wrongCount(this.#countLine, String(this.#count), most);
  }

  #takeName(content: string): void {
    const isSpare = content === '' || (this.#state === 'zeros or name' && isZeros(content, this.#form));
    this.#state = 'name';
    if (isSpare) return;
    const where = `${this.#place}:${this.#line}`;
    if (!this.#form.isName(content)) {
      throw new DatasetError(
        `${where}: expected ${this.#form.nameForm}, got ${JSON.stringify(content.slice(0, 60))}; the count of the image before may be wrong`,
      );
    }
    this.#name = content;
    this.#state = 'count';
    this.#visitor.image(content, where);
  }

  #takeCount(content: string): void {
    if (!/^\d{1,9}$/.test(content)) throw this.#wrongCount(this.#line, content);
    this.#count = Number(content);
    this.#countLine = this.#line;
    this.#state = this.#count === 0 ? 'zeros or name' : 'rows';
  }

  #takeRow(content: string, isEnded: boolean): void {
    const numbers = content.split(/\s+/).map((field) => (field === '' ? Number.NaN : Number(field)));
    const where = `${this.#place}:${this.#line}`;
    assertNotCut(isEnded, numbers.length, this.#mostFields, where);
    this.#mostFields = Math.max(this.#mostFields, numbers.length);
    this.#visitor.row(numbers, content, where);
    if (this.#line === this.#countLine + this.#count) this.#state = 'name';
  }

  #wrongCount(line: number, got: string, most = ''): DatasetError {
    return new DatasetError(
      `${this.#place}:${line}: expected the number of ${this.#form.rows} of ${JSON.stringify(this.#name.slice(0, 60))}${most}, got ${JSON.stringify(got.slice(0, 60))}; correct it`,
    );
  }
}

/** Whether a line is the zeros that stand for an image without rows. A lone 0 may be the name of an image. */
function isZeros(line: string, { isName }: BlockForm): boolean {
  return /^0(\s+0)*$/.test(line) && (line !== '0' || !isName(line));
}
