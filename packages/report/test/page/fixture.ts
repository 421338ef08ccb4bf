import type { ResultRecord } from '@retinabench/results';
import { headlineValues } from '../../src/baseline/headline.js';
import { type BaselineEntry, recordDigest } from '../../src/baseline/history.js';
import type { GalleryImage } from '../../src/page/page-data.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

/** A name that tries to leave every context it could be put into. */
export const hostile = `</script><script>window.broken=1</script><!--<img src=x onerror="window.broken=1">'"\`&\u2028`;

/** One record of every kind and field that the page draws; all numbers are invented. */
export function everyKindOfRecord(): ResultRecord[] {
  const stages = (infer: number) => ({
    total: { median: infer + 8, p95: infer + 14, mad: 1, n: 100 },
    decode: { median: 4, p95: 5, mad: 0.2, n: 100 },
    infer: { median: infer, p95: infer + 6, mad: 0.8, n: 100 },
    postprocess: { median: 2, p95: 3, mad: 0.2, n: 100 },
  });
  const recall = Array.from({ length: 1000 }, (_, i) => (i / 1000) * 0.9);
  const precision = recall.map((r) => 1 - r ** 8);
  // The AP of this curve is the sum of its steps times their precision; recall is scaled to the AP that is asked for.
  const unscaled = precision.reduce((sum, value, i) => sum + value * (recall[i] - (recall[i - 1] ?? 0)), 0);
  const curveOf = (ap: number) => ({ recall: recall.map((r) => (r * ap) / unscaled), precision });
  const bin = (ap: number) => ({ faces: 120, ap, recall: ap + 0.05 });
  const wider = (id: string, hard: number, infer: number) =>
    widerRecord(hard, {
      model: { id, parameters: 400_000, bytes: 1_700_000 },
      command: `npx retinabench wider hard --model ${id}`,
      interval: { easy: [0.89, 0.91], medium: [0.87, 0.89], hard: [hard - 0.02, hard + 0.02] },
      curves: { easy: curveOf(0.9), medium: curveOf(0.88), hard: curveOf(hard) },
      breakdown: {
        height: { '<16': bin(0.3), '16-32': bin(0.6), '>=256': bin(0.9) },
        event: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}--Event`, bin(0.3 + i / 20)])),
      },
      latencyMs: stages(infer),
      memoryPeakBytes: 200_000_000,
    });
  const tar = Object.fromEntries(
    [6, 5, 4, 3, 2, 1].map((power, index) => [
      `1e-${power}`,
      {
        tar: 0.85 + 0.02 * index,
        achievedFar: 0.98 * 10 ** -power,
        threshold: 0.6,
        impostors: 16,
        interval: [0.83 + 0.02 * index, 0.87 + 0.02 * index] as [number, number],
      },
    ]),
  );
  const dataset = { name: 'faces', images: 100, sha256: 'd'.repeat(64) };
  return [
    wider('model-a', 0.74, 20),
    wider(hostile, 0.7, 12),
    widerRecord(0.47, { settings: { rules: 'python', scale: 'long:640' }, warnings: [hostile] }),
    syntheticRecord({ kind: 'latency', model: { id: 'model-a' }, latencyMs: stages(60) }),
    syntheticRecord({
      kind: 'matrix',
      dataset,
      matrix: [
        { model: hostile, backend: 'ort-node', scale: 'long:320', values: { 'ap.hard': 0.3 } },
        {
          model: hostile,
          backend: 'ort-node',
          scale: 'original',
          values: { 'ap.hard': 0.5 },
          difference: { 'ap.hard': { value: 0.2 } },
          detectMs: { median: 41.5, images: 100 },
        },
        { model: 'model-a', backend: 'ort-wasm', scale: 'original', error: hostile },
      ],
    }),
    syntheticRecord({
      kind: 'parity',
      model: { id: 'model-a' },
      dataset,
      parity: [
        {
          backend: 'ort-wasm',
          images: 100,
          outputMaxAbsolute: { boxes: 3e-5 },
          scoreMaxAbsolute: 1e-7,
          boxMaxPx: 0.01,
          unmatched: 0,
          detections: 1000,
          tolerance: 1e-4,
          withinTolerance: true,
        },
      ],
    }),
    syntheticRecord({
      kind: 'ijbc-verification',
      model: { id: 'embedder' },
      dataset,
      tar,
      tarNotAbove: tar,
      roc: { far: [0, 1e-6, 1e-4, 1e-2, 1], tar: [0.5, 0.85, 0.89, 0.93, 1] },
      scoreHistogram: { low: -1, high: 1, genuine: [0, 1, 5, 14], impostor: [300, 90, 9, 1] },
    }),
    syntheticRecord({
      kind: 'ijbc-identification',
      model: { id: 'embedder' },
      dataset,
      rank: { 1: 0.95 },
      tpir: { 0.01: 0.9 },
      identificationCurve: { fpir: [0.001, 0.01, 0.1, 1], tpir: [0.8, 0.9, 0.94, 0.96] },
    }),
    syntheticRecord({
      kind: 'loss',
      model: { id: 'model-a' },
      dataset,
      loss: { classification: 1.2, box: 0.8, landmark: 0.3, total: 2.3 },
      positives: { level: { 8: 500, 16: 200 }, height: { '<16': 10, '16-32': 90 } },
    }),
  ];
}

/** Two images of one grey pixel, one box of each kind on the first. */
export function syntheticGallery(): GalleryImage[] {
  const pixel =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
  const image = (event: string, boxes: GalleryImage['boxes']): GalleryImage => ({
    key: 'R1',
    name: `${event}/${hostile}`,
    event,
    split: 'hard',
    number: 'AP hard',
    apLost: 0.004,
    url: pixel,
    widthPx: 400,
    heightPx: 300,
    boxes,
    crops: [{ kind: 'miss', url: pixel, widthPx: 72, heightPx: 72, caption: '11 px, heavy blur' }],
  });
  return [
    image('0--Parade', [
      { kind: 'hit', boxXywh: [10, 10, 40, 40], score: 0.9, heightPx: 80 },
      { kind: 'false positive', boxXywh: [100, 10, 40, 40], score: 0.6, heightPx: 80 },
      { kind: 'ignored', boxXywh: [200, 10, 10, 10], heightPx: 8 },
    ]),
    image('1--Handshaking', [{ kind: 'miss', boxXywh: [10, 10, 6, 6], heightPx: 11, attributes: ['heavy blur'] }]),
  ];
}

/** Two accepted baselines. */
export function syntheticHistory(): BaselineEntry[] {
  return [0.73, 0.74].map((hard, index) => ({
    acceptedAt: `2026-01-0${index + 1}T03:04:05.000Z`,
    commit: 'abcdef1',
    recordSha256: recordDigest(widerRecord(hard)),
    by: hostile,
    why: hostile,
    kind: 'wider',
    model: 'model-a',
    protocolId: widerRecord(hard).protocol.id,
    values: headlineValues(widerRecord(hard)),
  }));
}
