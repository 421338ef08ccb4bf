import { BackendError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { loadBackend } from '../../../src/index.js';
import { expectAgreement, noiseFeeds } from '../tfjs/agreement.js';
import { floats, graphModel, nodeOf, noise, tensorOf } from '../tfjs/node-model.js';

/**
 * Where there is no GPU, Chromium brings a driver of Vulkan that computes on the processor and has all that WebGPU needs; the
 * environment names it when the tests start.
 */
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';

const options = { threads: 1 };
const webgpu = await loadBackend('ort-node:webgpu');
const state = await webgpu.availability();
const why = state.available
  ? ''
  : ` (skipped: ${state.reason}; VK_DRIVER_FILES=${softwareDriver} runs it where Chromium is installed)`;

function convolution(): Uint8Array {
  return graphModel(
    [[1, 2, 9, 8]],
    [nodeOf('Conv', ['x0', 'w'], 'c', { pads: [1, 1, 1, 1] }), nodeOf('Relu', ['c'], 'y')],
    ['y'],
    [tensorOf('w', floats([4, 2, 3, 3], noise(72, 2)))],
  );
}

/** WebGPU's kernels lack Det. */
function partlyUnsupported(): Uint8Array {
  return graphModel([[3, 3]], [nodeOf('Relu', ['x0'], 'r'), nodeOf('Det', ['r'], 'y')], ['y'], []);
}

test('a device that does not load says why in one line, and what to do', async () => {
  for (const device of ['cuda', 'coreml', 'dml']) {
    const backend = await loadBackend(`ort-node:${device}`);
    const found = await backend.availability();
    if (found.available) continue;
    expect(found.reason).toMatch(new RegExp(`^device ${device} does not load: [^\\n]+$`));
    expect(found.remedy).toContain('--device cpu');
    await expect(backend.createSession(convolution(), 'small.onnx', options)).rejects.toThrow(BackendError);
  }
});

describe.skipIf(!state.available)(`ort-node on webgpu${why}`, () => {
  test('computes what the processor computes', async () => {
    await expectAgreement(webgpu, convolution(), noiseFeeds([[1, 2, 9, 8]]));
  });

  test('names a software adapter', async () => {
    const version = await webgpu.version();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    if (process.env.VK_DRIVER_FILES === softwareDriver) expect(version).toContain('SwiftShader, a software adapter');
  });

  test('refuses a network of which a part ran on the processor, unless that was asked for', async () => {
    const feeds = noiseFeeds([[3, 3]]);
    const session = await webgpu.createSession(partlyUnsupported(), 'det.onnx', options);
    await expect(session.run(feeds)).rejects.toThrow(/1 of \d nodes ran on the processor: .*\(Det\).*\+cpu/);
    await expect(session.run(feeds)).rejects.toThrow(BackendError);
    await session.dispose();
    await expectAgreement(await loadBackend('ort-node:webgpu+cpu'), partlyUnsupported(), feeds);
  });
});
