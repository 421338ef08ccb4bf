import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { browserStates } from '@retinabench/backends';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, runIn } from '../support/run-in.js';

const chromium = browserStates().find(({ name }) => name === 'chromium');
const small = ['--scale', 'long:160'];

describe.skipIf(chromium?.missing !== undefined)('commands on chromium/ort-wasm (skipped where it is absent)', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'browser-backends-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const recordOf = ({ stdout }: Outcome): ResultRecord => parseRecord(stdout, 'standard output');

  test('wider gives the AP of ort-node, and a record that names the browser', async () => {
    const args = ['wider', 'all', ...small, '--workers', '1', '--no-interval', '--json', '--limit', '4'];
    const node = recordOf(await runIn(folder, ...args));
    const outcome = await runIn(folder, ...args, '--backend', 'chromium/ort-wasm');
    expect(outcome).toMatchObject({ status: 0 });
    const record = recordOf(outcome);
    expect(record.ap?.hard).toBeCloseTo(node.ap?.hard ?? Number.NaN, 3);
    expect(record.protocol.id).toBe(node.protocol.id);
    expect(record.environment.browsers?.['chromium/ort-wasm']).toMatchObject({
      name: 'chromium',
      version: chromium?.version,
      crossOriginIsolated: true,
    });
    expect(record.environment.packageVersions).toMatchObject({ chromium: chromium?.version });
  });

  test('bench states times of the page, its memory, and no memory of the process', async () => {
    const args = ['--size', '160x120', '--rounds', '1', '--round-ms', '20', '--json'];
    const outcome = await runIn(folder, 'bench', '--backend', 'chromium/ort-wasm', ...args);
    expect(outcome).toMatchObject({ status: 0 });
    const { latencyMs, metrics, memoryPeakBytes } = recordOf(outcome);
    const { total, infer, decode } = latencyMs ?? {};
    expect(total.median).toBeGreaterThan(infer.median);
    expect(decode.median).toBeGreaterThan(0);
    expect(metrics?.pageMemoryBytes).toBeGreaterThan(2 ** 20);
    expect(memoryPeakBytes).toBeUndefined();
  });

  test('parity compares raw outputs and detections, layer by layer if asked to', async () => {
    const args = ['--backend', 'chromium/ort-wasm', ...small, '--limit', '1', '--layers', '--json'];
    const outcome = await runIn(folder, 'parity', ...args);
    expect(outcome).toMatchObject({ status: 0 });
    const [result] = recordOf(outcome).parity ?? [];
    expect(result).toMatchObject({ backend: 'chromium/ort-wasm', images: 1, unmatched: 0, withinTolerance: true });
    expect(Object.keys(result.outputMaxAbsolute).length).toBeGreaterThan(1);
    expect(result.firstDeparture).toMatch(/^none of \d+ nodes$/);
  });

  test('parity ends a browser whose answer takes longer than --image-timeout, and names it; that is no verdict', async () => {
    const args = ['--backend', 'chromium/ort-wasm,ort-wasm', ...small, '--limit', '1', '--json'];
    const outcome = await runIn(folder, 'parity', ...args, '--image-timeout', '0.001');
    expect(outcome).toMatchObject({ status: 3 });
    const [late, other] = recordOf(outcome).parity ?? [];
    expect(late).toMatchObject({ images: 0, withinTolerance: false });
    expect(late.failure).toMatch(/chromium\/ort-wasm: its page took longer than 0.001 s and was ended/);
    expect(other).toMatchObject({ backend: 'ort-wasm', images: 1, withinTolerance: true });
  });

  test('parity --decode browser holds the browser with its own decoder to the reference, and says so', async () => {
    const args = ['parity', ...small, '--limit', '1', '--json', '--decode', 'browser'];
    const outcome = await runIn(folder, ...args, '--backend', 'chromium/ort-wasm');
    const record = recordOf(outcome);
    expect(record.protocol.decode).toBe('browser');
    expect(record.parity?.[0]).toMatchObject({ backend: 'chromium/ort-wasm', images: 1 });
    expect(record.parity?.[0].failure).toBeUndefined();
    const refused = await runIn(folder, ...args, '--backend', 'chromium/ort-wasm,ort-wasm');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('--decode browser: ort-wasm runs in no browser');
  });

  test('--decode browser is a setting of the protocol, and refused where there is no browser', async () => {
    const args = ['wider', 'all', ...small, '--workers', '1', '--no-interval', '--json', '--limit', '1'];
    const outcome = await runIn(folder, ...args, '--backend', 'chromium/ort-wasm', '--decode', 'browser');
    expect(outcome).toMatchObject({ status: 0 });
    expect(recordOf(outcome).protocol.decode).toBe('browser');
    const refused = await runIn(folder, ...args, '--decode', 'browser');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('--decode browser: ort-node runs in no browser');
  });
});

test('a runtime that no browser has is refused with the names of those that it has', async () => {
  const outcome = await runIn(os.tmpdir(), 'wider', 'all', '--backend', 'chromium/ort-node');
  expect(outcome.status).toBe(3);
  expect(outcome.stderr).toMatch(/backend chromium\/ort-node: not known; .*chromium\/ort-wasm/);
});
