import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { protocolId } from '@retinabench/results';

/** The least that a record of WIDER FACE states, of that hard AP. */
export function gateRecord(hard: number, rules = 'python') {
  const settings = { rules };
  return {
    schemaVersion: 1,
    kind: 'wider',
    createdAt: '2026-01-02T03:04:05.000Z',
    model: { id: 'model-a' },
    dataset: { name: 'wider', images: 4, sha256: 'a'.repeat(64) },
    protocol: { id: protocolId(settings), ...settings },
    environment: { cpu: 'c', cores: 2, memoryBytes: 1, os: 'linux 6 x64', node: 'v20', packageVersions: {} },
    ap: { easy: 0.9, medium: 0.88, hard },
  };
}

/** Write such a record into a folder. */
export function writeRecord(folder: string, name: string, hard: number): void {
  writeFileSync(path.join(folder, name), JSON.stringify(gateRecord(hard)));
}
