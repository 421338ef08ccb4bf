import { expect, test } from 'vitest';
import { assertRecord, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

const browser = {
  name: 'chromium',
  version: '156.0.8078.108',
  userAgent: 'Mozilla/5.0 HeadlessChrome/156.0.0.0',
  crossOriginIsolated: true,
  hardwareConcurrency: 2,
  timerResolutionMs: 0.005,
  adapter: { api: 'webgpu', name: 'google swiftshader', software: true },
} as const;

function record(backend: string, browsers: ResultRecord['environment']['browsers']): ResultRecord {
  const { contentSha256: _, ...rest } = validRecord as ResultRecord;
  return {
    ...rest,
    backend: { id: backend, version: '1.30.0' },
    environment: { ...rest.environment, ...(browsers && { browsers }) },
  };
}

test('a record names the browser of its backend', () => {
  const value = record('chromium/ort-webgpu', { 'chromium/ort-webgpu': browser });
  expect(assertRecord(value, 'r.json')).toEqual(value);
});

test('a browser of a backend that the record does not have is a contradiction', () => {
  expect(() => assertRecord(record('ort-node', { 'chromium/ort-webgpu': browser }), 'r.json')).toThrow(
    /environment\.browsers\.chromium\/ort-webgpu: expected a backend of the record/,
  );
});

test('a browser of another name than its backend says is a contradiction', () => {
  const firefox = { 'firefox/ort-wasm': browser };
  expect(() => assertRecord(record('firefox/ort-wasm', firefox), 'r.json')).toThrow(
    /environment\.browsers\.firefox\/ort-wasm\.name: expected the browser of the backend, firefox/,
  );
});

test('a clock without a step is refused', () => {
  const value = record('chromium/ort-wasm', { 'chromium/ort-wasm': { ...browser, timerResolutionMs: 0 } });
  expect(() => assertRecord(value, 'r.json')).toThrow(/timerResolutionMs/);
});
