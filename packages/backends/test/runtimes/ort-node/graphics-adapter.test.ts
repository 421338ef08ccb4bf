import { expect, test } from 'vitest';
import { graphicsAdapter } from '../../../src/runtimes/ort-node/graphics-adapter.js';

test('drivers that compute on the processor are named, whether there is a GPU or not', () => {
  const mesa = { VK_DRIVER_FILES: '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json' };
  const swiftShader = { VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' };
  expect(graphicsAdapter(mesa, 'linux')).toEqual({ name: 'llvmpipe', isSoftware: true });
  expect(graphicsAdapter(swiftShader, 'linux')).toEqual({ name: 'SwiftShader', isSoftware: true });
});

test('elsewhere than on Linux nothing is claimed', () => {
  expect(graphicsAdapter({}, 'darwin')).toBeUndefined();
});
