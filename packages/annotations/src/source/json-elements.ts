import { DatasetError } from '@retinabench/core/basics';
import { countLines } from './count-lines.js';
import type { ByteSource } from './open-source.js';
import { type PartFailure, parseJsonPart } from './parse-json-part.js';

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma, colon] = [...'"\\{}[],:'].map(
  (sign) => sign.charCodeAt(0),
);

/** What receives the parts of a JSON file. */
export interface JsonVisitor {
  /**
   * Elements of a list: the file itself (`key` undefined), or a member of the object that the file is.
   *
   * @param first index of the first of them.
   */
  elements(key: string | undefined, values: readonly unknown[], first: number): void;
  /** A member of the object that the file is, of another kind than a list. */
  member(key: string, value: unknown): void;
  /**
   * What receives the members of an object that is itself a member, as those of the file. Absent: such an object is a `member`,
   * in one part.
   */
  object?(key: string): JsonVisitor;
}

/** Bytes that are parsed at once, if no single element has more. */
const batchBytes = 256 * 1024;

/** Largest single element or member. */
const mostElementBytes = 256 * 1024 * 1024;

/** Deepest nesting: annotations have five levels. */
const deepest = 100;

/**
 * Read a JSON file whose outermost lists may be longer than memory: the file is cut between the elements of the list that it
 * is, or of the lists that its object holds (and objects in it, where the visitor asks for that), and the parts go through
 * JSON.parse. Duplicate keys are refused.
 *
 * @param onRead called with the bytes read so far.
 * @returns `array` or `object`: what the file is.
 * @throws {DatasetError} if it is not JSON, is nested too deep, or an object has a key twice; with the line.
 * Cost: O(bytes); holds a part of 256 KiB, or the largest element.
 */
export function readJsonElements(
  source: ByteSource,
  visitor: JsonVisitor,
  onRead?: (bytes: number) => void,
): 'array' | 'object' {
  return new ElementReader(source, visitor, onRead).read();
}

class ElementReader {
  readonly #source: ByteSource;
  readonly #visitor: JsonVisitor;
  readonly #onRead: ((bytes: number) => void) | undefined;
  #buffer: Uint8Array;
  #end = 0;
  #at = 0;
  /** Bytes and lines before the buffer. */
  #passed = 0;
  #lines = 1;
  #atEnd = false;
  /** Where the part that is to be parsed begins, which moves with the buffer; -1: nothing is kept. */
  #kept = -1;

  constructor(source: ByteSource, visitor: JsonVisitor, onRead: ((bytes: number) => void) | undefined) {
    this.#source = source;
    this.#visitor = visitor;
    this.#onRead = onRead;
    this.#buffer = new Uint8Array(Math.min(4 * batchBytes, source.sizeBytes + 64));
  }

  read(): 'array' | 'object' {
    const first = this.#skipBlanks();
    if (first === openBracket) {
      this.#at++;
      this.#list(undefined, this.#visitor);
    } else if (first === openBrace) {
      this.#at++;
      this.#members(this.#visitor, 1);
    } else {
      throw this.#error('expected JSON, a list or an object', this.#at);
    }
    if (this.#skipBlanks() !== -1) throw this.#error('expected the end of the file', this.#at);
    return first === openBracket ? 'array' : 'object';
  }

  /** The members of an object whose brace was passed. */
  #members(visitor: JsonVisitor, depth: number): void {
    if (depth > deepest) throw this.#error(`expected at most ${deepest} levels of nesting, got more`, this.#at);
    const seen = new Set<string>();
    if (this.#skipBlanks() === closeBrace) {
      this.#at++;
      return;
    }
    for (;;) {
      if (this.#skipBlanks() !== quote) throw this.#error('expected the name of a member in quotation marks', this.#at);
      const start = this.#at;
      this.#kept = start;
      this.#at = this.#endOfString(this.#at + 1) + 1;
      const key = this.#parse(this.#kept, this.#at, 0) as string;
      if (seen.has(key)) {
        throw this.#error(`expected each key once, got ${JSON.stringify(key.slice(0, 60))} again`, this.#kept);
      }
      this.#kept = -1;
      seen.add(key);
      if (this.#skipBlanks() !== colon) throw this.#error('expected ":"', this.#at);
      this.#at++;
      const begins = this.#skipBlanks();
      if (begins === openBracket) {
        this.#at++;
        this.#list(key, visitor);
      } else if (begins === openBrace && visitor.object !== undefined) {
        this.#at++;
        this.#members(visitor.object(key), depth + 1);
      } else {
        visitor.member(key, this.#value());
      }
      const next = this.#skipBlanks();
      this.#at++;
      if (next === closeBrace) return;
      if (next !== comma) throw this.#error('expected "," or "}"', this.#at - 1);
    }
  }

  /** One value, up to the comma or bracket behind it. */
  #value(): unknown {
    this.#kept = this.#at;
    const { colons } = this.#scan(false);
    const value = this.#parse(this.#kept, this.#at, colons);
    this.#kept = -1;
    return value;
  }

  /** The elements of a list whose bracket was passed. */
  #list(key: string | undefined, visitor: JsonVisitor): void {
    let first = 0;
    for (;;) {
      this.#skipBlanks();
      this.#kept = this.#at;
      const { colons, closed } = this.#scan(true);
      const blank = this.#at === this.#kept;
      if (blank && !(closed && first === 0)) throw this.#error('expected an element of the list', this.#at);
      if (!blank) {
        const values = this.#parse(this.#kept, this.#at, colons, true) as unknown[];
        this.#kept = -1;
        visitor.elements(key, values, first);
        first += values.length;
      } else {
        visitor.elements(key, [], 0);
      }
      this.#at++;
      if (closed) return;
    }
  }

  /**
   * Go to the end of a value (`many` false), or of so many elements of a list that they are worth parsing.
   *
   * @returns how many colons it has outside strings, and whether the list closes there.
   */
  #scan(many: boolean): { readonly colons: number; readonly closed: boolean } {
    let depth = 0;
    let colons = 0;
    for (;;) {
      if (this.#at >= this.#end && !this.#fill()) throw this.#error('expected more, got the end of the file', this.#at);
      const byte = this.#buffer[this.#at];
      if (byte > 0x5d && byte < openBrace) {
        this.#at++;
        continue;
      }
      switch (byte) {
        case quote:
          this.#at = this.#endOfString(this.#at + 1);
          break;
        case openBrace:
        case openBracket:
          if (++depth > deepest) throw this.#error(`expected at most ${deepest} levels of nesting, got more`, this.#at);
          break;
        case closeBrace:
        case closeBracket:
          if (depth === 0) {
            if (many && byte === closeBrace) throw this.#error('expected "," or "]"', this.#at);
            return { colons, closed: true };
          }
          depth--;
          break;
        case colon:
          colons++;
          break;
        case comma:
          if (depth === 0 && (!many || this.#at - this.#kept >= batchBytes)) return { colons, closed: false };
          break;
      }
      this.#at++;
    }
  }

  /** The place of the closing quote of a string whose content begins at `from`. */
  #endOfString(from: number): number {
    let at = from;
    for (;;) {
      const found = this.#buffer.subarray(0, this.#end).indexOf(quote, at);
      if (found < 0) {
        const before = this.#at;
        at = this.#end;
        if (!this.#fill()) throw this.#error('expected a closing quotation mark, got the end of the file', before);
        at -= before - this.#at;
        continue;
      }
      let escapes = 0;
      while (this.#buffer[found - 1 - escapes] === backslash) escapes++;
      if (escapes % 2 === 0) return found;
      at = found + 1;
    }
  }

  /** The byte at the next place that is not white space; -1 at the end. */
  #skipBlanks(): number {
    for (;;) {
      if (this.#at >= this.#end && !this.#fill()) return -1;
      const byte = this.#buffer[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#at++;
    }
  }

  /** Read on, keeping what begins at `#kept`; false at the end of the file. */
  #fill(): boolean {
    if (this.#atEnd) return false;
    const keep = this.#kept >= 0 && this.#kept <= this.#at ? this.#kept : this.#at;
    this.#lines += countLines(this.#buffer, 0, keep);
    this.#passed += keep;
    this.#buffer.copyWithin(0, keep, this.#end);
    this.#end -= keep;
    this.#at -= keep;
    this.#kept = this.#kept >= 0 ? this.#kept - keep : -1;
    if (this.#end === this.#buffer.length) {
      if (this.#buffer.length >= mostElementBytes) {
        throw this.#error(`expected elements of at most ${mostElementBytes} bytes, got a longer one`, this.#at);
      }
      const larger = new Uint8Array(2 * this.#buffer.length);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    const count = this.#source.read(this.#buffer, this.#end);
    this.#end += count;
    this.#atEnd = count === 0;
    this.#onRead?.(this.#passed + this.#end);
    return count > 0;
  }

  #parse(start: number, end: number, colons: number, isList = false): unknown {
    const fail: PartFailure = (what, at, cause) => this.#error(what, start + at, cause);
    return parseJsonPart(this.#buffer.subarray(start, end), colons, isList, fail);
  }

  #error(what: string, at: number, cause?: unknown): DatasetError {
    const line = this.#lines + countLines(this.#buffer, 0, Math.min(at, this.#end));
    const bytes = this.#buffer.subarray(at, Math.min(this.#end, at + 40));
    const found = bytes.length === 0 ? '' : ` at ${JSON.stringify(new TextDecoder().decode(bytes))}`;
    return new DatasetError(
      `${this.#source.place}:${line}: ${what}${found}; correct the file or fetch it again`,
      cause === undefined ? {} : { cause },
    );
  }
}
