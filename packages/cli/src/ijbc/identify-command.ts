import os from 'node:os';
import path from 'node:path';
import { DatasetError, seededRandom } from '@retinabench/core';
import {
  diagnoseEnrolments,
  diagnoseIdentification,
  diagnoseImages,
  diagnoseZeroTemplates,
  digestFiles,
  fpirCurve,
  fpirTargets,
  type Identification,
  identify,
  identifyLegacy,
  indexTemplates,
  poolFiles,
  ranks,
  readEnrolment,
  readImages,
  resampleIdentification,
} from '@retinabench/eval-ijbc';
import { type Command, Option } from 'commander';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { extractionFields, recordedFlip, templateSetHashes } from './extraction-fields.js';
import { locateFeatures } from './feature-rows.js';
import { formatIdentification } from './identification-table.js';
import { addMetaFlags, type MetaFlags, readDetectorScores, resolveFeatures } from './meta-flags.js';
import { addPoolingFlags, type PoolingFlags, resolvePooling } from './pooling-flags.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { addResamplingFlags, type ResamplingFlags } from './verification-flags.js';

const recordFolder = path.join('results', 'ijbc-identification');

interface IdentifyFlags extends OutputFlags, MetaFlags, PoolingFlags, ResamplingFlags {
  readonly rules: 'corrected' | 'legacy';
  readonly threads: number;
  readonly force?: boolean;
  readonly out?: string;
}

/** Register `retinabench ijbc identify`. */
export function registerIdentify(ijbc: Command): void {
  const command = ijbc.command('identify');
  addResamplingFlags(addPoolingFlags(addMetaFlags(command)))
    .addOption(
      new Option('--rules <which>', 'each gallery alone (as corrected in 2021), or the older denominators')
        .choices(['corrected', 'legacy'])
        .default('corrected'),
    )
    .option('--threads <n>', 'threads that score', wholeNumber(1), os.availableParallelism())
    .option('--force', 'write the record in spite of errors, which then stand among its warnings')
    .option(
      '--out <file>',
      'the record (default: results/ijbc-identification/<name of the features>-<hash of all conditions>.json)',
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench ijbc identify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy`,
    )
    .action(runIdentify);
}

async function runIdentify(flags: IdentifyFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
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
  const force = flags.force === true;
  const ofLists = reportDiagnoses(
    [...diagnoseImages(images, meta.images), ...diagnoseEnrolments(galleries, probes)],
    'identify',
    force,
  );
  const detectorScores = await readDetectorScores(meta, images.names, pooling.detectorScore === 'use');
  const pooled = startProgress(output, images.names.length, 'images');
  const { templates, diagnoses: ofFeatures } = await poolFiles(
    {
      ...rows,
      images,
      index,
      ...(detectorScores === undefined ? {} : { detectorScores }),
      onImages: pooled.update,
    },
    pooling,
  );
  pooled.stop();
  const searched = startProgress(output, probes.templateIds.length, 'probes');
  const input = { templates, index, probes, options: { threads: flags.threads }, onProbes: searched.update };
  const result = flags.rules === 'legacy' ? await identifyLegacy(input, galleries) : await identify(input, galleries);
  searched.stop();
  const diagnoses = [
    ...rows.diagnoses,
    ...ofFeatures,
    ...diagnoseZeroTemplates(templates, features, 'identification'),
    ...diagnoseIdentification(result),
  ];
  const warnings = [...ofLists, ...reportDiagnoses(diagnoses, 'identify', force)];
  const { made, settings, facesNotFound, imagesSha256, notes: ofExtraction } = await extractionFields(features);
  const allNotes = [...notes, ...rows.notes, ...ofExtraction];
  const lists = [meta.images, ...meta.galleries, meta.probes];
  if (pooling.detectorScore === 'use') lists.push(meta.points!);
  const drawn = flags.interval
    ? resampleIdentification(result, probes, galleries, { ...flags, random: seededRandom(flags.seed) })
    : undefined;
  const content: RecordContent = {
    kind: 'ijbc-identification',
    ...(warnings.length === 0 ? {} : { warnings }),
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
    ...drawn,
    rank: result.rank,
    ...(result.tpir === undefined ? {} : { tpir: result.tpir }),
    ...(result.curve === undefined ? {} : { identificationCurve: { fpir: [...fpirCurve], tpir: result.curve } }),
    metrics: { ...galleryMetrics(result), ...(facesNotFound === undefined ? {} : { facesNotFound }) },
  };
  const { codes, interval, resamples, seed } = flags;
  const place = recordFile(recordFolder, path.basename(features).replace(/\.[^.]*$/, ''), content, {
    ...{ file: path.resolve(features), codes },
    ...(interval ? { resamples, seed } : {}),
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(output, formatIdentification(result, drawn));
  printResult(
    output,
    `protocol ${record.protocol.id}: rules=${flags.rules}  ${Object.entries(pooling)
      .map(([name, value]) => `${name}=${value}`)
      .join('  ')}\n${formatProvenance(record)}`,
  );
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
