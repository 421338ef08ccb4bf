import path from 'node:path';
import { DatasetError, seededRandom } from '@retinabench/core';
import {
  diagnoseEnrolments,
  diagnoseIdentification,
  diagnoseImages,
  digestFiles,
  type Enrolment,
  fpirCurve,
  fpirTargets,
  type Identification,
  type ImageList,
  identify,
  identifyLegacy,
  indexTemplates,
  type MetaFiles,
  type PoolingOptions,
  ranks,
  readEnrolment,
  readImages,
  resampleIdentification,
  type TemplateIndex,
} from '@retinabench/eval-ijbc';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { extractionFields, recordedFlip, templateSetHashes } from './extraction-fields.js';
import { type FeatureRows, locateFeatures } from './feature-rows.js';
import { formatIdentification } from './identification-table.js';
import type { MetaFlags } from './meta-flags.js';
import { poolRows } from './pool-rows.js';
import { type PoolingFlags, resolvePooling } from './pooling-flags.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { readDetectorScores, resolveFeatures } from './resolve-features.js';
import type { ResamplingFlags } from './verification-flags.js';

const recordFolder = path.join('results', 'ijbc-identification');

/** The flags of an identification. */
export interface IdentifyFlags extends OutputFlags, MetaFlags, PoolingFlags, ResamplingFlags {
  readonly rules: 'corrected' | 'legacy';
  readonly threads: number;
  readonly force?: boolean;
  readonly out?: string;
}

/**
 * Search the probes in the galleries, print ranks and TPIR and write the record.
 *
 * @throws as the readers, poolTemplates and identify of eval-ijbc.
 */
export async function identifyFeatures(flags: IdentifyFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const inputs = await readInputs(output, flags);
  const { result, warnings } = await search(output, flags, inputs);
  const drawn = flags.interval
    ? resampleIdentification(result, inputs.probes, inputs.galleries, { ...flags, random: seededRandom(flags.seed) })
    : undefined;
  const content = { ...(await contentOf(flags, inputs, result)), ...drawn };
  const { codes, interval, resamples, seed } = flags;
  const features = inputs.rows.features;
  const place = recordFile(recordFolder, path.basename(features).replace(/\.[^.]*$/, ''), content, {
    file: path.resolve(features),
    codes,
    ...(interval ? { resamples, seed } : {}),
  });
  const record = await writeRecord(output, flags.out ?? place, {
    ...content,
    ...(warnings.length === 0 ? {} : { warnings }),
  });
  printResult(output, formatIdentification(result, drawn));
  printResult(
    output,
    `protocol ${record.protocol.id}: rules=${flags.rules}  ${Object.entries(inputs.pooling)
      .map(([name, value]) => `${name}=${value}`)
      .join('  ')}\n${formatProvenance(record)}`,
  );
}

/** Features and lists of an identification, as read and checked. */
interface Inputs {
  readonly meta: MetaFiles;
  readonly rows: FeatureRows;
  readonly pooling: PoolingOptions;
  readonly images: ImageList;
  readonly index: TemplateIndex;
  readonly galleries: readonly Enrolment[];
  readonly probes: Enrolment;
  readonly detectorScores: Float32Array | undefined;
  /** Files that the result is of. */
  readonly lists: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

async function readInputs(output: Output, flags: IdentifyFlags): Promise<Inputs> {
  const { meta, features, featuresFlip, notes } = await resolveFeatures(output, flags, 'identify');
  if (meta.galleries.length === 0 || meta.probes === undefined) {
    throw new DatasetError(
      `${path.dirname(meta.images)}: expected ${meta.prefix}_1N_gallery_*.csv and ${meta.prefix}_1N_probe_mixed.csv, got ${meta.galleries.length} galleries and ${meta.probes === undefined ? 'no' : 'the'} probes; identification needs them`,
    );
  }
  const rows = await locateFeatures(features, featuresFlip, flags);
  const pooling = resolvePooling(flags, {
    hasFlipped: rows.halves || featuresFlip !== undefined,
    hasScores: meta.points !== undefined,
    ...recordedFlip(features),
  });
  const images = await readImages(meta.images);
  const index = indexTemplates(images);
  const galleries = await Promise.all(meta.galleries.map(readEnrolment));
  const probes = await readEnrolment(meta.probes);
  const warnings = reportDiagnoses(
    [...diagnoseImages(images, meta.images), ...diagnoseEnrolments(galleries, probes)],
    'identify',
    flags.force === true,
  );
  const usesScores = pooling.detectorScore === 'use';
  const detectorScores = await readDetectorScores(meta, images.names, usesScores);
  const lists = [meta.images, ...meta.galleries, meta.probes];
  if (usesScores && meta.points !== undefined) lists.push(meta.points);
  return { meta, rows, pooling, images, index, galleries, probes, detectorScores, lists, notes, warnings };
}

async function search(
  output: Output,
  flags: IdentifyFlags,
  inputs: Inputs,
): Promise<{ readonly result: Identification; readonly warnings: readonly string[] }> {
  const { rows, index, probes, galleries } = inputs;
  const { templates, diagnoses } = await poolRows(output, rows, { ...inputs, task: 'identification' }, inputs.pooling);
  const progress = startProgress(output, probes.templateIds.length, 'probes');
  const input = { templates, index, probes, options: { threads: flags.threads }, onProbes: progress.update };
  const result = flags.rules === 'legacy' ? await identifyLegacy(input, galleries) : await identify(input, galleries);
  progress.stop();
  const found = [...diagnoses, ...diagnoseIdentification(result)];
  return { result, warnings: [...inputs.warnings, ...reportDiagnoses(found, 'identify', flags.force === true)] };
}

/** The record without intervals and warnings. */
async function contentOf(
  flags: IdentifyFlags,
  { meta, rows, pooling, images, lists, notes }: Inputs,
  result: Identification,
): Promise<RecordContent> {
  const { made, settings, facesNotFound, imagesSha256, notes: ofExtraction } = await extractionFields(rows.features);
  const allNotes = [...notes, ...rows.notes, ...ofExtraction];
  return {
    kind: 'ijbc-identification',
    ...made,
    dataset: {
      name: meta.prefix,
      images: images.names.length,
      ...templateSetHashes(await digestFiles(lists), imagesSha256),
      ...(allNotes.length === 0 ? {} : { notes: allNotes }),
    },
    protocol: {
      task: 'identification',
      rules: flags.rules,
      ...pooling,
      mediaPooling: 'mean, then sum',
      score: 'dot product, float64',
      ...settings,
    },
    rank: result.rank,
    ...(result.tpir === undefined ? {} : { tpir: result.tpir }),
    ...(result.curve === undefined ? {} : { identificationCurve: { fpir: [...fpirCurve], tpir: result.curve } }),
    metrics: { ...galleryMetrics(result), ...(facesNotFound === undefined ? {} : { facesNotFound }) },
  };
}

function galleryMetrics({ probes, galleries }: Identification): Record<string, number> {
  return Object.fromEntries([
    ['probes', probes],
    ...galleries.flatMap((gallery, i) => [
      [`gallery${i + 1}.entries`, gallery.gallery],
      [`gallery${i + 1}.mated`, gallery.mated],
      [`gallery${i + 1}.nonMated`, gallery.nonMated],
      ...ranks.map((rank) => [`gallery${i + 1}.hits.${rank}`, gallery.hits[rank]]),
      ...fpirTargets.flatMap((target) => {
        const at = gallery.tpir?.[target];
        return at === undefined
          ? []
          : [
              [`gallery${i + 1}.tpir.${target}`, at.tpir],
              [`gallery${i + 1}.threshold.${target}`, at.threshold],
            ];
      }),
    ]),
  ]);
}
