import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nvidiaModels } from '../../../src/runtimes/ort-node/nvidia-gpus.js';

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('names each model of GPU once, as the driver for Linux lists them', () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-gpus-'));
  const models = {
    '0000:01:00.0': 'NVIDIA H200',
    '0000:02:00.0': 'NVIDIA A100-SXM4-80GB',
    '0000:03:00.0': 'NVIDIA H200',
  };
  for (const [bus, model] of Object.entries(models)) {
    mkdirSync(path.join(folder, bus));
    // As the driver writes it (570.86): a tab or two behind each name.
    writeFileSync(path.join(folder, bus, 'information'), `Model: \t\t ${model}\nIRQ:   \t\t 16\nGPU UUID: \t GPU-0\n`);
  }
  expect(nvidiaModels(folder)).toEqual(['NVIDIA A100-SXM4-80GB', 'NVIDIA H200']);
});
