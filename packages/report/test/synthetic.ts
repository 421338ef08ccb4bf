import { assertRecord, type ProtocolSettings, protocolId, type ResultRecord } from '@retinabench/results';

/** The parts of a record that every synthetic one shares; the numbers are invented. */
export function syntheticRecord(
  content: Omit<ResultRecord, 'schemaVersion' | 'createdAt' | 'environment' | 'protocol'> & {
    readonly settings?: ProtocolSettings;
    readonly environment?: Partial<ResultRecord['environment']>;
  },
): ResultRecord {
  const { settings = { rules: 'python', scale: 'original' }, environment, ...rest } = content;
  return assertRecord(
    {
      schemaVersion: 1,
      createdAt: '2026-01-02T03:04:05.000Z',
      ...rest,
      protocol: { id: protocolId(settings), ...settings },
      environment: {
        cpu: 'Test CPU 1',
        cores: 2,
        memoryBytes: 2 ** 33,
        os: 'linux 6.1.0 x64',
        node: 'v20.20.2',
        packageVersions: {},
        ...environment,
      },
    },
    'synthetic',
  );
}

/** A WIDER record with the given hard AP. */
export function widerRecord(hard: number, more: Partial<Parameters<typeof syntheticRecord>[0]> = {}): ResultRecord {
  return syntheticRecord({
    kind: 'wider',
    model: { id: 'model-a', parameters: 426608, bytes: 1_740_000 },
    backend: { id: 'ort-node', version: '1.30.0', threads: 1 },
    dataset: { name: 'wider', split: 'val', images: 4, sha256: 'a'.repeat(64) },
    ap: { easy: 0.9, medium: 0.88, hard },
    ...more,
  });
}
