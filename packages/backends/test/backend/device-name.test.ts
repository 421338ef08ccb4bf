import { BackendError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseDeviceBackend, withDevice } from '../../src/backend/device-name.js';
import { loadBackend } from '../../src/index.js';

describe('the name of a device', () => {
  test('becomes part of the backend; the processor is the backend itself', () => {
    expect(withDevice('ort-node', 'webgpu')).toBe('ort-node:webgpu');
    expect(withDevice('ort-node', 'cuda+cpu')).toBe('ort-node:cuda+cpu');
    expect(withDevice('ort-node', 'cpu')).toBe('ort-node');
  });

  test('is read from the backend again', () => {
    expect(parseDeviceBackend('ort-node:webgpu')).toEqual({ device: 'webgpu', sharesWithCpu: false });
    expect(parseDeviceBackend('ort-node:cuda+cpu')).toEqual({ device: 'cuda', sharesWithCpu: true });
    expect(parseDeviceBackend('ort-node')).toBeUndefined();
    expect(parseDeviceBackend('chromium/ort-wasm')).toBeUndefined();
  });

  test('is turned away where it is unknown, or the backend takes none or has one', () => {
    expect(() => withDevice('ort-node', 'npu')).toThrow(/"npu".*webgpu, cuda/);
    expect(() => withDevice('ort-node', 'cpu+cpu')).toThrow(BackendError);
    expect(() => withDevice('tfjs-wasm', 'webgpu')).toThrow(/tfjs-wasm takes no device/);
    expect(() => withDevice('ort-node:webgpu', 'cuda')).toThrow(/names a device itself/);
  });

  test('chooses the backend that is loaded', async () => {
    expect((await loadBackend('ort-node:cuda')).id).toBe('ort-node:cuda');
    expect((await loadBackend('ort-node:cpu')).id).toBe('ort-node');
    await expect(loadBackend('ort-node:npu')).rejects.toThrow(BackendError);
  });
});
