import { describe, expect, test } from 'vitest';
import { cpuClass } from '../../src/messages/cpu-class.js';
import { compareConditions, conditionKindOf, type WorkerConditions } from '../../src/messages/worker-conditions.js';

const asked: WorkerConditions = {
  code: { version: '1.0.0', sha256: 'a'.repeat(64) },
  backend: { id: 'ort-node', version: '1.2' },
  runtimes: { sharp: '0.35', libvips: '8.1' },
  cpu: 'x64 avx2',
};

describe('compareConditions', () => {
  test('finds nothing between machines that are alike', () => {
    expect(compareConditions(asked, asked)).toEqual([]);
  });

  test('names each difference with both sides', () => {
    const own = {
      code: { version: '1.0.0', sha256: 'b'.repeat(64) },
      backend: { id: 'ort-node', version: '1.3' },
      runtimes: { sharp: '0.35' },
      cpu: 'arm64 asimd',
    };
    expect(compareConditions(asked, own)).toEqual([
      { kind: 'code', text: 'code: 1.0.0+bbbbbbbbbbbb here, 1.0.0+aaaaaaaaaaaa asked for' },
      { kind: 'runtime', text: 'backend ort-node: 1.3 here, 1.2 asked for' },
      { kind: 'runtime', text: 'libvips: none here, 8.1 asked for' },
      { kind: 'cpu', text: 'cpu: arm64 asimd here, x64 avx2 asked for' },
    ]);
  });

  test('tells another device from another version, on a GPU of this process and behind a browser', () => {
    const onGpu = (gpu: string, adapter: string): WorkerConditions => ({
      ...asked,
      backend: { id: 'ort-node:cuda', version: `1.2 on ${gpu}` },
      runtimes: { 'chromium webgpu': adapter },
    });
    const differences = compareConditions(onGpu('NVIDIA A100', 'nvidia ampere'), onGpu('NVIDIA H200', 'nvidia hopper'));
    expect(differences).toEqual([
      { kind: 'device', text: 'device of ort-node:cuda: NVIDIA H200 here, NVIDIA A100 asked for' },
      { kind: 'device', text: 'chromium webgpu: nvidia hopper here, nvidia ampere asked for' },
    ]);
    // The coordinator tells the kind by the text that came back.
    expect(differences.map(({ text }) => conditionKindOf(text))).toEqual(['device', 'device']);
    expect(conditionKindOf('no difference as it is written')).toBe('runtime');
  });
});

test('the class of a processor begins with its architecture and is the same each time', () => {
  expect(cpuClass().startsWith(process.arch)).toBe(true);
  expect(cpuClass()).toBe(cpuClass());
});
