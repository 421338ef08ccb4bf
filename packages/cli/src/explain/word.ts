/** A word of a record, a table or a protocol, and what it means. */
export interface Word {
  /** As it stands in records and tables; `*` for any rest, as in `input.*`. */
  readonly word: string;
  /** Other ways in which it is written: in tables, in flags. */
  readonly also?: readonly string[];
  /** In one to three sentences, each value that it can have named. */
  readonly meaning: string;
  /** Where more is said. */
  readonly docs: string;
}
