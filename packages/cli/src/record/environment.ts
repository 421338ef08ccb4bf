import { createRequire } from 'node:module';
import os from 'node:os';
import type { ResultRecord } from '@retinabench/results';

/** Packages whose version can change a number. */
const measuredPackages = [
  'onnxruntime-node',
  'onnxruntime-web',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  'sharp',
];

/** What machine and software this process runs on, for the record. */
export function describeEnvironment(): ResultRecord['environment'] {
  const processors = os.cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
    packageVersions: packageVersions(),
  };
}

function packageVersions(): Record<string, string> {
  const require = createRequire(import.meta.resolve('@retinabench/backends'));
  const versions: Record<string, string> = {};
  for (const name of measuredPackages) {
    try {
      versions[name] = (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      // Not installed, or it hides its package.json: then it has no version to state.
    }
  }
  return versions;
}
