import os from 'node:os';
import { packageVersion } from '@retinabench/backends/versions';
import type { ResultRecord } from '@retinabench/results';

/** Packages whose version can change a number. */
const measuredPackages = [
  'onnxruntime-node',
  'onnxruntime-web',
  '@litertjs/core',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
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

/** Of those that are installed. */
function packageVersions(): Record<string, string> {
  const versions = measuredPackages.map((name) => [name, packageVersion(name)] as const);
  return Object.fromEntries(versions.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
