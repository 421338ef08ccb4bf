import { expect, test } from 'vitest';
import { unavailable } from '../../../src/runtimes/tfjs-node/tfjs-node.js';

test('tfjs-node is not recommended where it cannot run: on Node 23 and later', () => {
  const missing = Object.assign(new Error("Cannot find package '@tensorflow/tfjs-node'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  expect(unavailable(missing, '22.12.0').remedy).toContain('npm install --no-save @tensorflow/tfjs-node');
  for (const version of ['23.0.0', '24.4.1', '100.0.0']) {
    const { reason, remedy } = unavailable(missing, version);
    expect(reason).toContain(`does not run on Node ${version}`);
    expect(remedy).not.toContain('npm install');
  }
});
