import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ModelError } from '@retinabench/core';
import { afterAll, expect, test } from 'vitest';
import { cachedModelPath } from '../../src/node/folders.js';
import { loadModelCard } from '../../src/node/load-card.js';
import { resolveModel } from '../../src/node/resolve-model.js';
import { saveModel } from '../../src/node/save-model.js';
import { refuseOtherFiles } from '../../src/onnx/refuse-other-files.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'other-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['nothing', '', /a\.onnx: expected an \.onnx, got an empty file; fetch the file again/],
  ['an error page', '\ufeff\n<!DOCTYPE html><title>404</title>', /got a page of HTML or XML; the download ended at/],
  [
    'a TensorFlow Lite model',
    '\u001c\0\0\0TFL3\u0014\0',
    /got a TensorFlow Lite model; name it \.tflite, which litert-wasm runs, or convert it: .*tf2onnx.convert --tflite/,
  ],
  [
    'a TensorFlow.js graph',
    '{"format": "graph-model", "modelTopology": {}}',
    /got a TensorFlow\.js model; .*--tfjs model\.json/,
  ],
  ['a layers model', '{\n  "modelTopology": {}', /got a TensorFlow\.js model/],
  [
    'an OpenVINO model',
    '<?xml version="1.0" ?>\n<net name="f" version="11">',
    /got an OpenVINO model; export an \.onnx/,
  ],
  [
    'a legacy checkpoint',
    '\u0080\u0002\u008a\nl\u00fc',
    /got a PyTorch checkpoint; import it: retinabench models import/,
  ],
  ['safetensors', '\u0040\u0001\0\0\0\0\0\0{"w":{}}', /got a safetensors file, which holds weights without a network/],
  ['a Keras file', '\u0089HDF\r\n\u001a\n', /got a Keras or HDF5 file; .*--keras/],
  ['an ncnn model', '7767517\n75 83\n', /got an ncnn model/],
  ['its card', '{ "schemaVersion": 1 }', /got JSON text; pass the \.onnx, not its card/],
  ['a checkpoint', 'PK\u0003\u0004archive/data.pkl', /got a ZIP archive, as PyTorch writes checkpoints/],
])('an .onnx that is %s is named as what it is', async (_, content, message) => {
  const file = path.join(root, 'a.onnx');
  writeFileSync(file, content, content.startsWith('\ufeff') ? 'utf8' : 'latin1');
  await expect(loadModelCard(file)).rejects.toThrow(ModelError);
  await expect(loadModelCard(file)).rejects.toThrow(message);
});

test.each([
  [
    'nets/face.lite',
    /^model nets\/face\.lite: expected an id or an \.onnx, got a TensorFlow Lite model; name it \.tflite/,
  ],
  ['nets/model.json', /got a TensorFlow\.js model/],
  ['face.card.json', /got JSON text; pass the \.onnx, not its card/],
  ['last.PTH', /got a PyTorch checkpoint/],
  ['face.mlmodel', /got a Core ML model; export an \.onnx from the model that it was converted from/],
])('--model %s is refused by its name, saying how to convert it', async (name, message) => {
  await expect(resolveModel(name, { cacheFolder: root, sharedFolder: root })).rejects.toThrow(ModelError);
  await expect(resolveModel(name, { cacheFolder: root, sharedFolder: root })).rejects.toThrow(message);
});

test('an id that ends like a file is an id where a model has it', async () => {
  const { card, bytes } = await resolveModel('face-api-tiny', { cacheFolder: root, sharedFolder: root });
  await saveModel(cachedModelPath({ cacheFolder: root, sharedFolder: root }, 'mine.lite'), {
    onnx: bytes,
    card: { ...card, id: 'mine.lite' },
  });
  const loaded = await resolveModel('mine.lite', { cacheFolder: root, sharedFolder: root });
  expect(loaded.card.id).toBe('mine.lite');
});

test('a small .onnx is refused by none of these: a protocol buffer begins with the version of its format', () => {
  const bytes = Uint8Array.of(0x08, 0x0a, 0x12, 0x07, ...new TextEncoder().encode('pytorch'), 0x3a, 0);
  expect(refuseOtherFiles(bytes, 'a.onnx')).toBe(bytes);
});
