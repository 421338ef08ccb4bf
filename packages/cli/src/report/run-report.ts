import { isRetinaBenchError, ProtocolError } from '@retinabench/core';
import type { Command } from 'commander';
import { outputOf } from '../terminal/flags.js';
import { printNote } from '../terminal/output.js';
import type { ReportFlags } from './flags.js';
import { watchFiles } from './watch-files.js';
import { writeReport } from './write-report.js';

/** The action of `retinabench report`. */
export async function runReport(files: readonly string[], flags: ReportFlags, command: Command): Promise<void> {
  const output = outputOf(flags);
  if (flags.gallery !== undefined && flags.gallery > 0 && flags.pred.length === 0) {
    throw new ProtocolError(
      '--gallery draws detections and needs their folder: add --pred DIR (and --data DIR for the pictures)',
    );
  }
  const write = (): Promise<void> => writeReport(output, files, flags, command.opts<Record<string, unknown>>());
  if (flags.watch !== true) {
    await write();
    return;
  }
  const watched = [...flags.baseline, ...files];
  const first = async (): Promise<void> => {
    await write();
    printNote(`watching ${watched.length} records; interrupt to stop`);
  };
  await watchFiles(watched, first, () => write().catch(reportAndGoOn));
}

/** While watching, a record may be half-written or wrong for a while: say so and wait for the next change. */
function reportAndGoOn(error: unknown): void {
  if (!isRetinaBenchError(error)) throw error;
  printNote(`retinabench: ${error.message}`);
}
