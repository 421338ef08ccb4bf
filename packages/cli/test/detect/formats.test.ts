import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadPredictions } from '@retinabench/annotations';
import { describe, expect, test } from 'vitest';
import type { DetectedCell } from '../../src/detect/detected-cell.js';
import { formatFaces } from '../../src/detect/face-table.js';
import { formatCoco, formatCsv, formatJsonLines } from '../../src/detect/formats.js';

const cell: DetectedCell = {
  cell: { model: 'm', backend: 'ort-node' },
  name: '',
  model: 'm',
  backend: 'ort-node',
  scale: 'original',
  detected: [
    {
      image: 'a,b/"x".jpg',
      widthPx: 100,
      heightPx: 50,
      detections: [1, 2, 30.5, 40, 0.9, 5, 6, 7, 8, 0.4],
      landmarks: Array.from({ length: 20 }, (_, i) => i),
      sha256: '0'.repeat(64),
      detectedAt: '2026-11-29T12:00:00.000Z',
    },
  ],
  failed: [{ image: 'broken.jpg', kind: 'input', message: 'no image', exitCode: 2 }],
};

const text = (parts: Iterable<string>): string => [...parts].join('');

describe('forms of detections', () => {
  test('CSV quotes what needs it, and leaves out faces below the score', () => {
    const [header, line, end] = text(formatCsv([cell], 0.5)).split('\n');
    expect(header).toBe(
      'image,x,y,w,h,score,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,left_mouth_x,left_mouth_y,right_mouth_x,right_mouth_y',
    );
    expect(line).toBe('"a,b/""x"".jpg",1,2,30.5,40,0.9,0,1,2,3,4,5,6,7,8,9');
    expect(end).toBe('');
    expect(text(formatCsv([cell, cell], 0)).split('\n')).toHaveLength(6);
    expect(text(formatCsv([cell, cell], 0))).toMatch(/^model,backend,scale,image,x,/);
  });

  test('CSV leads a name that a spreadsheet would run by an apostrophe, and reading takes it off', async () => {
    const named = { ...cell, detected: [{ ...cell.detected[0], image: '=SUM(1,"2").jpg' }] };
    const csv = text(formatCsv([named], 0.5));
    expect(csv.split('\n')[1]).toMatch(/^"'=SUM\(1,""2""\)\.jpg",1,2,/);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'formula-'));
    writeFileSync(path.join(folder, 'faces.csv'), csv);
    const { predictions } = loadPredictions(path.join(folder, 'faces.csv'));
    rmSync(folder, { recursive: true });
    expect(predictions.images).toEqual(['=SUM(1,"2").jpg']);
  });

  test('COCO results carry the ids asked for, boxes as x y w h and five keypoints', () => {
    expect(JSON.parse(text(formatCoco(cell, 0.5, () => 42)))).toEqual([
      {
        image_id: 42,
        category_id: 1,
        bbox: [1, 2, 30.5, 40],
        score: 0.9,
        keypoints: [0, 1, 2, 2, 3, 2, 4, 5, 2, 6, 7, 2, 8, 9, 2],
        file_name: 'a,b/"x".jpg',
      },
    ]);
    expect(JSON.parse(text(formatCoco(cell, 0.95, () => 42)))).toEqual([]);
  });

  test('JSON lines name failed images with their reason', () => {
    const [image, failed] = [...formatJsonLines([cell], 0)].map((line) => JSON.parse(line));
    expect(image).toMatchObject({ image: 'a,b/"x".jpg', widthPx: 100, heightPx: 50, model: 'm', scale: 'original' });
    expect(image.faces.map(({ score }: { score: number }) => score)).toEqual([0.9, 0.4]);
    expect(image.faces[1].landmarks).toEqual([
      [10, 11],
      [12, 13],
      [14, 15],
      [16, 17],
      [18, 19],
    ]);
    expect(failed).toEqual({
      image: 'broken.jpg',
      model: 'm',
      backend: 'ort-node',
      scale: 'original',
      error: { kind: 'input', message: 'no image' },
    });
    expect(image).not.toHaveProperty('pointNames');
    expect(image.faces[0]).not.toHaveProperty('points');
  });

  test('JSON lines hold all points of a face, and their names where the card has them', () => {
    const points = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
    const named = { ...cell, pointNames: ['left', 'right', 'chin'], detected: [{ ...cell.detected[0], points }] };
    const [image] = [...formatJsonLines([named], 0)].map((line) => JSON.parse(line));
    expect(image.pointNames).toEqual(['left', 'right', 'chin']);
    expect(image.faces[1].points).toEqual([
      [11, 12],
      [13, 14],
      [15, 16],
    ]);
  });

  test('the terminal says what lies below the score', () => {
    expect(formatFaces([cell], 0.5)).toMatch(
      /1 face in 1 image; 1 more score below 0\.5, the best 0\.400 \(--min-score\)$/,
    );
  });
});
