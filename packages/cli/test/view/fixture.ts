import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { runIn } from '../support/run-in.js';

/** A name that would be markup, and one that would lead elsewhere. */
export const names = ['one/<b>x.png', 'two/y.png'] as const;

/** Pixels of both images. */
export const sizePx = { width: 200, height: 100 } as const;

/**
 * Two images with three faces: (10, 10, 20, 20) and (100, 10, 40, 40) in the first, (50, 50, 30, 30) in the second; and two records.
 *
 * `a.json`: the first face at 0.9 and again at 0.8; beside the second, x by 30 of 40 (IoU 10 / 70 = 0.14) at 0.7; the face of
 * the second image at 0.6.
 * `b.json`: the first face at 0.4, the second at 0.95, nothing in the second image but (0, 0, 10, 10) at 0.3.
 */
export async function writeFixture(folder: string): Promise<void> {
  const images = path.join(folder, 'data');
  for (const name of names) {
    mkdirSync(path.join(images, path.dirname(name)), { recursive: true });
    await sharp({ create: { ...sizePx, channels: 3, background: '#336699' } })
      .png()
      .toFile(path.join(images, name));
  }
  const { width, height } = sizePx;
  const faces = [
    [1, [10, 10, 20, 20]],
    [1, [100, 10, 40, 40]],
    [2, [50, 50, 30, 30]],
  ] as const;
  writeFileSync(
    path.join(folder, 'gt.json'),
    JSON.stringify({
      images: names.map((file_name, index) => ({ id: index + 1, file_name, width, height })),
      categories: [{ id: 1, name: 'face' }],
      annotations: faces.map(([image_id, bbox], index) => ({
        id: index + 1,
        image_id,
        category_id: 1,
        bbox,
        area: bbox[2] * bbox[3],
        iscrowd: 0,
      })),
    }),
  );
  const detections = {
    a: [
      [1, [10, 10, 20, 20], 0.9],
      [1, [10, 10, 20, 20], 0.8],
      [1, [130, 10, 40, 40], 0.7],
      [2, [50, 50, 30, 30], 0.6],
    ],
    b: [
      [1, [10, 10, 20, 20], 0.4],
      [1, [100, 10, 40, 40], 0.95],
      [2, [0, 0, 10, 10], 0.3],
    ],
  } as const;
  for (const [name, rows] of Object.entries(detections)) {
    const list = rows.map(([image_id, bbox, score]) => ({ image_id, category_id: 1, bbox, score }));
    writeFileSync(path.join(folder, `pred-${name}.json`), JSON.stringify(list));
    const { status, stderr } = await runIn(
      folder,
      ...['score', '--gt', 'gt.json', '--pred', `pred-${name}.json`, '--out', `${name}.json`, '--force', '--quiet'],
    );
    if (status !== 0) throw new Error(stderr);
  }
}
