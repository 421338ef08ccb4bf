import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { smallDetector } from '../../fixtures/small-detector.js';

// What ONNX Runtime has to send lies in the folder of temporary files and in the user's cache.
test('ONNX Runtime leaves nothing of telemetry where it keeps what it is to send', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ort-'));
  const [home, temporary] = ['home', 'tmp'].map((name) => mkdtempSync(path.join(folder, name)));
  const model = path.join(folder, 'small.onnx');
  writeFileSync(model, smallDetector().model);
  const backends = fileURLToPath(new URL('../../../dist/registry/registry.js', import.meta.url));
  const code = `
    const { readFileSync } = await import('node:fs');
    const { loadBackend } = await import(${JSON.stringify(backends)});
    const backend = await loadBackend('ort-node');
    const session = await backend.createSession(readFileSync(${JSON.stringify(model)}), 'small.onnx', { threads: 1 });
    await session.dispose();
    process.stdout.write(process.env.ORT_DISABLE_TELEMETRY);`;
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...rest } = process.env;
  try {
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...rest, HOME: home, TMPDIR: temporary },
      encoding: 'utf8',
    });
    expect(said).toBe('1');
    expect([...readdirSync(temporary), ...readdirSync(home, { recursive: true })]).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
