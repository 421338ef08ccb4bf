import { expect, test } from 'vitest';
import { detectorFolders } from '../../src/detect/detector-folders.js';

test('detectorFolders names a folder for each detector, never one for two', () => {
  expect(detectorFolders(['yunet-n', 'models/ours.onnx / long:640'])).toEqual(['yunet-n', 'models-ours.onnx-long-640']);
  expect(detectorFolders(['m/a.onnx', 'm-A.onnx', 'm-a.onnx'])).toEqual(['m-a.onnx', 'm-A.onnx-2', 'm-a.onnx-3']);
});

test('detectorFolders leads out of no folder', () => {
  expect(detectorFolders(['../..', './gesicht-\u00fc.onnx'])).toEqual(['detector', 'gesicht-\u00fc.onnx']);
});
