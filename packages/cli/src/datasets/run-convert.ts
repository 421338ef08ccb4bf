import { describeLosses, describeRecognised, writeSet } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import type { Command } from 'commander';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { type Conversion, type ConversionFlags, convert, type OnRead } from './conversion.js';

/** The action of `retinabench datasets convert`. */
export async function runConvert(location: string, flags: ConvertFlags, command: Command): Promise<void> {
  const output = outputOf(flags);
  const progress = readingProgress(output);
  const conversion = convert(location, flags, command.opts<Record<string, unknown>>(), progress.onRead);
  progress.stop();
  const { written } = conversion;
  if (!output.quiet) sayRead(conversion);
  if (written.losses.length > 0) {
    const lost = `${flags.to} does not hold ${describeLosses(written.losses)}`;
    if (flags.strict === true) {
      throw new DatasetError(`${location}: ${lost}; nothing was written: choose another form, or leave --strict out`);
    }
    printNote(`warning: ${lost}`);
  }
  const counts = await interruptible(
    () => 'nothing was written',
    (signal) => writeSet(written, flags.out, signal),
  );
  report(output, conversion, flags, counts.files, counts.bytes);
}

interface ConvertFlags extends OutputFlags, ConversionFlags {
  readonly out: string;
  readonly strict?: boolean;
}

/** A bar that appears with the first part that is read. */
function readingProgress(output: Output): { readonly onRead: OnRead; stop(): void } {
  let bar: Progress | undefined;
  return {
    onRead: (done, total) => {
      const inMegabytes = total > 1e6;
      const scale = inMegabytes ? 1e6 : 1;
      bar ??= startProgress(output, Math.ceil(total / scale), inMegabytes ? 'MB' : 'parts');
      bar.update(Math.floor(done / scale));
    },
    stop: () => bar?.stop(),
  };
}

function sayRead({ side, read, images, rows }: Conversion): void {
  printNote(`${side}: ${describeRecognised(read, images, rows, side === 'annotations' ? 'faces' : 'detections')}`);
  for (const note of read.notes) printNote(`${side}: ${note}`);
}

function report(output: Output, conversion: Conversion, { to, out }: ConvertFlags, files: number, bytes: number): void {
  const { side, read, images, rows, written } = conversion;
  const things = side === 'annotations' ? 'faces' : 'detections';
  printResult(
    output,
    `${out}: ${to}, ${formatCount(images)} images, ${formatCount(rows)} ${things}, ${written.kind === 'file' ? 'one file' : `${formatCount(files)} files`}`,
  );
  printJson(output, {
    kind: side,
    from: read.format,
    location: read.location,
    settings: read.settings,
    notes: read.notes,
    to,
    out,
    images,
    [things]: rows,
    files,
    bytes,
    losses: written.losses,
  });
}
