import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ModelError } from '@retinabench/core';
import { afterAll, expect, test } from 'vitest';
import { loadModelCard } from '../../src/node/load-card.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'other-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['nothing', '', /a\.onnx: expected an \.onnx, got an empty file; fetch the file again/],
  ['an error page', '\ufeff\n<!DOCTYPE html><title>404</title>', /got a page of HTML or XML; the download ended at/],
  ['its card', '{ "schemaVersion": 1 }', /got JSON text; pass the \.onnx, not its card/],
  ['a checkpoint', 'PK\u0003\u0004archive/data.pkl', /got a ZIP archive, as PyTorch writes checkpoints/],
])('an .onnx that is %s is named as what it is', async (_, content, message) => {
  const file = path.join(root, 'a.onnx');
  writeFileSync(file, content);
  await expect(loadModelCard(file)).rejects.toThrow(ModelError);
  await expect(loadModelCard(file)).rejects.toThrow(message);
});
