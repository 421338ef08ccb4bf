import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatCard } from '@retinabench/models';
import { parseRecord, splits } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { otherModels } from '../../../backends/test/other-models/cards.js';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

const shared = process.env.RETINABENCH_SHARED ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const other = path.join(shared, 'models/other');
const isLong = process.env.RETINABENCH_DOCS === 'all';

/** What facts.md of the shared data folder allows networks that it calls unstable; the others agree to four digits. */
const apTolerance = 0.003;

let work: string;

/** A data set root of the 60 images of facts.md, by links. */
function linkImages(root: string): void {
  const wider = path.join(shared, 'datasets/wider');
  for (const name of readFileSync(path.join(other, 'images-60.txt'), 'utf8').split('\n').filter(Boolean)) {
    const link = path.join(root, 'WIDER_val/images', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(wider, 'WIDER_val/images', name), link);
  }
  symlinkSync(path.join(wider, 'ground_truth'), path.join(root, 'ground_truth'));
}

/** The network under the card that facts.md leads to; copied, for external data must lie beside it. */
function placeModel({ card }: (typeof otherModels)[number]): string {
  const hash = createHash('sha256');
  const onnx = path.join(work, `${card.id}.onnx`);
  for (const ending of ['.onnx', '.onnx.data']) {
    const file = path.join(other, `${card.id}${ending}`);
    if (!existsSync(file)) continue;
    hash.update(readFileSync(file));
    copyFileSync(file, path.join(work, `${card.id}${ending}`));
  }
  writeFileSync(path.join(work, `${card.id}.card.json`), formatCard({ ...card, sha256: hash.digest('hex') }));
  return onnx;
}

describe.skipIf(!existsSync(other) || !isLong)(
  existsSync(other)
    ? 'AP of detectors of others on 60 images (skipped without RETINABENCH_DOCS=all)'
    : 'AP of detectors of others on 60 images (needs the shared data folder)',
  () => {
    beforeAll(() => {
      work = mkdtempSync(path.join(os.tmpdir(), 'other-ap-'));
      linkImages(path.join(work, 'data'));
      vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    });
    afterAll(() => {
      vi.restoreAllMocks();
      rmSync(work, { recursive: true, force: true });
    });

    const { models } = existsSync(other)
      ? (JSON.parse(readFileSync(path.join(other, 'ap.json'), 'utf8')) as {
          models: Record<string, { ap60: Record<(typeof splits)[number], number> }>;
        })
      : { models: {} };

    it.each(otherModels.map((model) => [model.card.id, model] as const))(
      '%s has the AP of its independent reference',
      async (id, model) => {
        const out = path.join(work, `${id}.json`);
        const flags = ['--data', path.join(work, 'data'), '--model', placeModel(model), '--scale', model.scale];
        const run = ['wider', 'all', ...flags, '--no-interval', '--no-config', '--quiet', '--out', out];
        expect(await runProgram(await buildProgram(), ['node', 'retinabench', ...run])).toBe(0);
        const { ap } = parseRecord(readFileSync(out, 'utf8'), out);
        for (const split of splits) {
          expect(Math.abs((ap?.[split] ?? 0) - models[id].ap60[split]), split).toBeLessThanOrEqual(apTolerance);
        }
      },
      600_000,
    );
  },
);
