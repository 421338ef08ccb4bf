import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { formatProtocol } from '../record/format-protocol.js';
import { formatProvenance } from '../record/provenance.js';
import { readRecord } from '../record/read.js';
import { writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { landmarkFolder } from './landmark-folder.js';
import { landmarkContent, landmarkFile } from './landmark-record.js';
import { formatAgainst, formatLandmarks } from './landmark-table.js';
import { type MetricFlags, metricOptions } from './metric-flags.js';
import { readPredicted, readTruth } from './read-sources.js';
import type { PredictionSourceFlags, TruthFlags } from './source-flags.js';

interface ScoreFlags extends MetricFlags, TruthFlags, PredictionSourceFlags, OutputFlags {
  readonly gt?: string;
  readonly pred?: string;
  readonly against?: string;
  readonly out?: string;
}

/** The action of `retinabench landmarks score`. */
export async function runScore(flags: ScoreFlags): Promise<void> {
  if (flags.gt === undefined || flags.pred === undefined) {
    throw new ProtocolError(
      'landmarks score needs --gt PATH and --pred PATH; retinabench landmarks score --help has examples',
    );
  }
  const output = outputOf(flags);
  const options = metricOptions(flags);
  await requireWritable(flags.out ?? path.join(landmarkFolder, '*.json'), recordOutput);
  const against = flags.against === undefined ? undefined : await readRecord(flags.against);
  const truth = await readTruth(flags.gt, flags);
  const predicted = await readPredicted(flags.pred, flags);
  // Two files of one face each are meant for each other, whatever their names.
  const isOneFace = truth.format === 'pts' && predicted.format === 'pts' && truth.set.faces + predicted.set.faces === 2;
  const pairing = isOneFace ? { pair: flags.pair ?? 'row' } : {};
  const content = landmarkContent(
    { annotated: truth.set, predicted: predicted.set, notes: [...truth.notes, ...predicted.notes] },
    options,
    { ...flags, ...pairing },
  );
  for (const note of content.dataset.notes ?? []) printNote(note);
  const record = await writeRecord(output, flags.out ?? landmarkFile(flags.pred, content, flags), content);
  printResult(
    output,
    [
      formatLandmarks(content.landmarks, options.normaliser),
      '',
      ...(against === undefined ? [] : [formatAgainst(against, record, flags.against ?? ''), '']),
      formatProtocol(record.protocol),
      formatProvenance(record),
    ].join('\n'),
  );
}
