import path from 'node:path';
import { type BoxForm, boxForms } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import type { ResultRecord } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { formatProtocol } from '../record/format-protocol.js';
import { formatProvenance } from '../record/provenance.js';
import { readRecord } from '../record/read.js';
import { writeRecord } from '../record/write.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type ColumnFlags, withColumns } from './columns.js';
import { landmarkContent, landmarkFile, landmarkFolder } from './landmark-record.js';
import { formatLandmarkDifference, formatLandmarks } from './landmark-table.js';
import { addMetricFlags, type MetricFlags, metricOptions, normaliserHelp } from './metric-flags.js';
import { readLandmarks, sourceFormats } from './read-landmarks.js';

interface ScoreFlags extends MetricFlags, ColumnFlags, OutputFlags {
  readonly gt?: string;
  readonly pred?: string;
  readonly gtFormat?: string;
  readonly predFormat?: string;
  readonly gtFirstPixel?: '0' | '1';
  readonly predFirstPixel?: '0' | '1';
  readonly gtBoxes?: BoxForm;
  readonly predBoxes?: BoxForm;
  readonly against?: string;
  readonly out?: string;
}

/** Register `retinabench landmarks score`. */
export function registerLandmarkScore(landmarks: Command): void {
  const command = landmarks
    .command('score')
    .option(
      '--gt <path>',
      'annotated points: .pts or a folder of them, a list of WFLW, AFLW, MTFL, CelebA, COCO, .npy ...',
    )
    .option('--pred <path>', 'predicted points, of the same or another format');
  for (const side of ['gt', 'pred'] as const) {
    command
      .addOption(new Option(`--${side}-format <name>`, 'its format (default: recognised)').choices(sourceFormats[side]))
      .addOption(
        new Option(
          `--${side}-first-pixel <n>`,
          'what its points count the first pixel as (default: 1 of .pts, else 0)',
        ).choices(['0', '1']),
      )
      .addOption(
        new Option(`--${side}-boxes <form>`, 'what the four numbers of a box are, where the file does not say').choices(
          boxForms,
        ),
      );
  }
  command
    .option('--gt-boxes-file <file>', '.npy of shape (faces, 4): boxes of annotated rows, of the form --gt-boxes')
    .option('--gt-hidden <file>', '.npy of shape (faces, points): 1 for a hidden point')
    .option(
      '--gt-column <name=file>',
      '.npy of a number for each annotated row, such as yaw=yaw.npy; may stand often',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    );
  addMetricFlags(command)
    .option('--against <record>', 'a record of the same faces: the paired difference')
    .option(
      '--out <file>',
      `the record (default: ${landmarkFolder}/<name of the predictions>-<hash of all conditions>.json)`,
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
${normaliserHelp}

The landmarks are diagnosed first; what makes the number meaningless ends with exit code 2 and names what corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench landmarks score --gt 300W/ibug --pred mine/ibug --normaliser outer-corners
  retinabench landmarks score --gt points.npy --pred mine.npy --normaliser points-box --gt-column yaw=yaw.npy --bins yaw
  retinabench landmarks score --gt label.txt --pred detections.jsonl --normaliser box --threshold 0.1`,
    )
    .action(runScore);
}

async function runScore(flags: ScoreFlags): Promise<void> {
  if (flags.gt === undefined || flags.pred === undefined) {
    throw new ProtocolError(
      'landmarks score needs --gt PATH and --pred PATH; retinabench landmarks score --help has examples',
    );
  }
  const output = outputOf(flags);
  const options = metricOptions(flags);
  await requireWritable(flags.out ?? path.join(landmarkFolder, '*.json'), recordOutput);
  const against = flags.against === undefined ? undefined : await readRecord(flags.against);
  const truth = await readLandmarks({
    location: flags.gt,
    side: 'gt',
    format: flags.gtFormat,
    firstPixel: firstPixel(flags.gtFirstPixel),
    settings: { boxes: flags.gtBoxesFile === undefined ? flags.gtBoxes : undefined },
  });
  const predicted = await readLandmarks({
    location: flags.pred,
    side: 'pred',
    format: flags.predFormat,
    firstPixel: firstPixel(flags.predFirstPixel),
    settings: { boxes: flags.predBoxes },
  });
  const annotated = await withColumns(truth.set, flags);
  const notes = [...truth.notes, ...predicted.notes];
  // Two files of one face each are meant for each other, whatever their names.
  const isOneFace = truth.format === 'pts' && predicted.format === 'pts' && annotated.faces + predicted.set.faces === 2;
  const pairing = isOneFace ? { pair: flags.pair ?? 'row' } : {};
  const content = landmarkContent({ annotated, predicted: predicted.set, notes }, options, { ...flags, ...pairing });
  for (const note of content.dataset?.notes ?? []) printNote(note);
  const record = await writeRecord(output, flags.out ?? landmarkFile(flags.pred, content, flags), content);
  printResult(
    output,
    [
      formatLandmarks(content.landmarks, options.normaliser),
      '',
      ...(against === undefined ? [] : [differenceOf(against, record, flags.against ?? ''), '']),
      formatProtocol(record.protocol),
      formatProvenance(record),
    ].join('\n'),
  );
}

function firstPixel(text: '0' | '1' | undefined): 0 | 1 | undefined {
  return text === undefined ? undefined : text === '1' ? 1 : 0;
}

function differenceOf(baseline: ResultRecord, record: ResultRecord, name: string): string {
  if (baseline.protocol.id !== record.protocol.id) {
    return `against ${name}: not comparable: protocol ${baseline.protocol.id}, this one ${record.protocol.id}`;
  }
  return formatLandmarkDifference(baseline, record, path.basename(name));
}
