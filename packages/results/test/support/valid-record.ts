import { protocolId, type ResultRecord } from '../../src/index.js';

const settings = { scale: 'original', nmsIou: 0.4, flip: false, shortSidesPx: [500, 800] };

/** A record that uses most fields. */
export const validRecord: ResultRecord = {
  schemaVersion: 1,
  kind: 'wider',
  createdAt: '2026-01-02T03:04:05.678Z',
  command: 'npx retinabench wider all',
  model: { id: 'retinaface-mnet025', sha256: 'a'.repeat(64), parameters: 426_608 },
  backend: { id: 'ort-node', version: '1.30.0', threads: 1 },
  dataset: { name: 'wider-val', split: 'val', images: 3226, sha256: '0'.repeat(64), notes: ['as pulled'] },
  protocol: { id: protocolId(settings), ...settings },
  environment: {
    cpu: 'Example',
    cores: 2,
    memoryBytes: 8e9,
    os: 'linux 6.1 x64',
    node: 'v20.20.0',
    packageVersions: { sharp: '0.35.5' },
  },
  warnings: ['one image is missing'],
  ap: { easy: 0.9, medium: 0.8, hard: 0.7 },
  interval: { easy: [0.89, 0.91], medium: [0.79, 0.81], hard: [0.69, 0.71] },
  breakdown: { height: { '<16': { faces: 10, ap: 0.1, recall: 0.2 } } },
  // 0.5 x 1 + 0.5 x 0.8 = 0.9, its AP.
  curves: { easy: { precision: [1, 0.8], recall: [0.5, 1] } },
  latencyMs: { total: { median: 20, p95: 25, mad: 1, n: 30 } },
  tar: { '1e-6': { tar: 0.9, achievedFar: 1e-6, threshold: 0.5, impostors: 15, farInterval: [0, 1e-5] } },
  rank: { '1': 0.9 },
  loss: { total: 3.2 },
  positives: { level: { '8': 12 } },
};
