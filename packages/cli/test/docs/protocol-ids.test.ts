import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DetectionProtocol, detectionSettings, parseScaleRule, resolveProtocol } from '@retinabench/backends';
import { scoringProtocol, scoringSettings } from '@retinabench/eval-wider';
import { catalogue } from '@retinabench/models';
import { protocolId } from '@retinabench/results';
import { expect, test } from 'vitest';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../../../README.md'), 'utf8');

/** Rows of the README's result tables: the words of the model and its scale, the id, and how it was run. */
const rows: readonly [words: RegExp, model: string, asked: Partial<DetectionProtocol>, rounding?: string][] = [
  [/^SCRFD-500M/, 'scrfd-500m', {}],
  [/^YuNet-n \| 73/, 'yunet-n', { scale: parseScaleRule('vga') }],
  [/^RetinaFace MobileNet-0\.25 \| 426/, 'retinaface-mnet025', { scale: parseScaleRule('vga') }],
  [/^the same in int8/, 'retinaface-mnet025', { scale: parseScaleRule('vga') }],
  [/^"1 MB" MobileNet-0\.25/, 'retinaface-1mb-mnet025', { scale: parseScaleRule('vga') }],
  [/^"1 MB" RFB/, 'retinaface-1mb-rfb', { scale: parseScaleRule('vga') }],
  [/^UltraFace RFB-640/, 'ultraface-rfb-640', {}],
  [/^"1 MB" slim/, 'retinaface-1mb-slim', { scale: parseScaleRule('vga') }],
  [/^RetinaFace MobileNet-0\.25 of RetinaBench/, 'retinaface-rb025', { scale: parseScaleRule('vga') }],
  [/^face-api SSD MobileNet/, 'face-api-ssd-mobilenetv1', { scale: parseScaleRule('vga') }],
  [/^RetinaFace MobileNet-0\.25 \| `original`, truncated/, 'retinaface-mnet025', {}, 'truncate'],
  [/^RetinaFace MobileNet-0\.25 \| `original` /, 'retinaface-mnet025', {}],
  [/^RetinaFace MobileNet-0\.25 \| `pyramid`/, 'retinaface-mnet025', { scale: parseScaleRule('pyramid') }],
  [/^RetinaFace MobileNet-0\.25 \| `vga`/, 'retinaface-mnet025', { scale: parseScaleRule('vga') }],
  [/^YuNet-n \| `original`/, 'yunet-n', {}],
  [/^YuNet-n \| `vga`/, 'yunet-n', { scale: parseScaleRule('vga') }],
];

const lines = readme.split('\n').map((line) => line.replace(/^\| /, ''));
const idOf = (line: string | undefined): string | undefined => /`([0-9a-f]{12})`/.exec(line ?? '')?.[1];

test.each(rows)('the README has the protocol id of the row %s', (words, model, asked, boxRounding = 'none') => {
  const card = { schemaVersion: 1 as const, sha256: '', parameters: 0, ...catalogue.get(model)!.card };
  const settings = { ...detectionSettings(resolveProtocol(asked, card), card), boxRounding };
  expect(idOf(lines.find((line) => words.test(line)))).toBe(
    protocolId({ ...scoringSettings(scoringProtocol('python')), ...settings }),
  );
});

test('the README has the protocol id of the scores of a public run', () => {
  expect(idOf(lines.find((line) => /a public run's files/.test(line)))).toBe(
    protocolId(scoringSettings(scoringProtocol('python'))),
  );
});

test('every protocol id of the README is one of these', () => {
  const ids = lines.map(idOf).filter((id) => id !== undefined);
  expect(ids).toHaveLength(rows.length + 1);
});
