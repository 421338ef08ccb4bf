import type { FlagOf, ReadingContext, ReadingSettings } from './reading.js';

/** What was recognised in annotations or predictions, and how they were read. */
export interface Recognised<Format extends string> {
  readonly format: Format;
  /** File or folder that was read. */
  readonly location: string;
  /** Settings that the file says itself or that were told, by name: `boxes` is `xyxy`. */
  readonly settings: Readonly<Record<string, string>>;
  /** What a user should know: what was assumed, what of the file is not used. */
  readonly notes: readonly string[];
}

/** Keeps what readers say. */
export interface Recorder {
  readonly context: ReadingContext;
  readonly settings: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** A context for readers, and what they say to it; settings that the user named are among them. */
export function recorder(
  settings: ReadingSettings,
  flag: FlagOf,
  onRead?: (doneBytes: number, totalBytes: number) => void,
): Recorder {
  const named = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const said: Record<string, string> = Object.fromEntries(named);
  const notes: string[] = [];
  return {
    settings: said,
    notes,
    context: {
      ...settings,
      flag,
      told: (name, value) => {
        said[name] = value;
      },
      note: (text) => {
        notes.push(text);
      },
      ...(onRead === undefined ? {} : { onRead }),
    },
  };
}

/**
 * What was recognised, in a line: `coco: 151 images, 2,608 faces (category face)`.
 *
 * @param what `faces` or `detections`.
 */
export function describeRecognised(
  { format, settings }: Recognised<string>,
  images: number,
  count: number,
  what: string,
): string {
  const told = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const suffix = told.length === 0 ? '' : ` (${told.join(', ')})`;
  return `${format}: ${images.toLocaleString('en')} images, ${count.toLocaleString('en')} ${what}${suffix}`;
}
