import { seededRandom, shuffle } from '@retinabench/core';
import {
  type FeatureFiles,
  findMeta,
  loadPairSet,
  type PairSet,
  poolFiles,
  resampledVerification,
  scorePairs,
  verify,
} from '@retinabench/eval-ijbc';
import { evaluateGate, parseGateConfig } from '@retinabench/report';
import { assertRecord, protocolId, type ResultRecord } from '@retinabench/results';

/*
 * Does the gate find a planted loss of TAR, and does it pass what is the same? Real scores with planted losses; the paired
 * verdict beside that of the two records' own intervals. docs/gates.md has the table and the command.
 */

const [metaFolder, features, count = '100', target = '1e-3', pairing = 'all-images'] = process.argv.slice(2);
const runs = Number(count);
const seed = 1;
const config = parseGateConfig(`{ "tar.${target}": ["error", { "maxDrop": 0.002 }] }`, 'campaign');
const meta = await findMeta(metaFolder);
const set = await loadPairSet(meta, pairing === 'file' ? 'file' : 'all-images');
const scores = await scoresOf({ features, images: set.images, index: set.index });
const baseline = recordOf(scores);
const tarOf = (record: ResultRecord): number => record.tar?.[target].tar ?? 0;
const threshold = baseline.tar?.[target].threshold ?? 0;
const genuine = Array.from(set.labels.keys()).filter((pair) => set.labels[pair] === 1);
const accepted = genuine.filter((pair) => scores[pair] >= threshold);
console.log(
  `${set.images.names.length} images, ${genuine.length} genuine pairs of ${baseline.resampled?.deciding} subjects, TAR ${tarOf(baseline).toFixed(4)} at FAR ${target}`,
);

const plants: Readonly<Record<string, (random: () => number) => Float64Array>> = {
  'nothing (A/A)': () => scores,
  'noise of 0.001 on every score': (random) => scores.map((score) => score + 0.002 * (random() - 0.5)),
  'two points of the genuine pairs rejected, drawn by pair': (random) => {
    const changed = scores.slice();
    for (const pair of shuffle([...accepted], random).slice(0, Math.round(0.02 * genuine.length))) changed[pair] = -1;
    return changed;
  },
  'all pairs of images drawn until two points of TAR are lost': (random) => {
    const changed = scores.slice();
    const lost = new Set<number>();
    const byImage = new Map<number, number[]>();
    for (const pair of accepted) {
      for (const image of [set.pairs.left[pair], set.pairs.right[pair]]) {
        byImage.set(image, [...(byImage.get(image) ?? []), pair]);
      }
    }
    for (const image of shuffle([...byImage.keys()], random)) {
      if (lost.size >= 0.02 * genuine.length) break;
      for (const pair of byImage.get(image) ?? []) lost.add(pair);
    }
    for (const pair of lost) changed[pair] = -1;
    return changed;
  },
};

for (const [name, plant] of Object.entries(plants)) {
  const paired: Record<string, number> = {};
  const alone: Record<string, number> = {};
  let lost = 0;
  for (let run = 0; run < runs; run++) {
    const record = recordOf(plant(seededRandom(run)));
    lost += (tarOf(baseline) - tarOf(record)) / runs;
    tally(paired, evaluateGate(baseline, record, config, () => undefined).verdict);
    tally(alone, evaluateGate(unpaired(baseline), unpaired(record), config, () => undefined).verdict);
  }
  console.log(
    `${name}: TAR falls by ${(100 * lost).toFixed(2)} points; paired ${JSON.stringify(paired)}, intervals of the records ${JSON.stringify(alone)}`,
  );
}

function tally(counts: Record<string, number>, verdict: string): void {
  counts[verdict] = (counts[verdict] ?? 0) + 1;
}

function unpaired({ resampled: _, ...rest }: ResultRecord): ResultRecord {
  return rest;
}

async function scoresOf(files: FeatureFiles): Promise<Float64Array> {
  const { templates } = await poolFiles(files, { templateNorm: 'keep', detectorScore: 'ignore', flip: 'none' });
  return (await scorePairs(templates, set.pairs)).slice();
}

function recordOf(of: Float64Array): ResultRecord {
  const { labels, index, pairs, subjects }: PairSet = set;
  const resampling = { pairs, subjects, resamples: 200, random: seededRandom(seed) };
  const result = verify(of, labels, resampling);
  const protocol = { task: 'verification' };
  return assertRecord(
    {
      schemaVersion: 1,
      kind: 'ijbc-verification',
      createdAt: new Date().toISOString(),
      dataset: { name: meta.prefix, images: set.images.names.length, sha256: '0'.repeat(64) },
      protocol: { id: protocolId(protocol), ...protocol },
      environment: { cpu: 'any', cores: 1, memoryBytes: 1, os: 'any', node: 'any', packageVersions: {} },
      tar: result.tar.nearest,
      resampled: resampledVerification({ result, resampling, seed, labels, ids: index.ids }),
    },
    'campaign',
  );
}
