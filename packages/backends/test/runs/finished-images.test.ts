import { seededRandom } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { FinishedImages } from '../../src/runs/finished-images.js';
import type { ForgottenImage, LoggedImage } from '../../src/runs/logged-image.js';

const random = seededRandom(3);
const numbers = (count: number): number[] => Array.from({ length: count }, () => 1000 * random() - 100);

function made(image: string): LoggedImage {
  // Now and then one with more numbers than are kept together.
  const faces = random() < 0.005 ? 20_000 : Math.floor(4 * random());
  return {
    image,
    widthPx: 1 + Math.floor(5000 * random()),
    heightPx: 480,
    detections: numbers(5 * faces),
    sha256: Array.from({ length: 64 }, () => Math.floor(16 * random()).toString(16)).join(''),
    // Logs of other versions may write times without or with more digits.
    detectedAt: ['2026-11-29T12:00:00.123Z', '2026-11-29T12:00:00Z', '2026-11-29T12:00:00.1234567Z'][
      Math.floor(3 * random())
    ],
    ...(random() < 0.5 ? { landmarks: numbers(10 * faces) } : {}),
    ...(random() < 0.5 ? { points: numbers(8 * faces) } : {}),
    ...(random() < 0.3 ? { dense: numbers(149 * Math.min(faces, 2)) } : {}),
    ...(random() < 0.5 ? { detectMs: random() < 0.3 ? 0 : 20 * random() } : {}),
    ...(random() < 0.2 ? { madeBy: ['another machine'] } : {}),
  };
}

/** What a log of so many lines leaves, here and in a map. */
function taken(lines: number): {
  held: FinishedImages;
  expected: Map<string, LoggedImage>;
  named: Set<string>;
} {
  const held = new FinishedImages();
  const expected = new Map<string, LoggedImage>();
  const named = new Set<string>();
  for (let step = 0; step < lines; step++) {
    const image = `e/ü${Math.floor(700 * random())}`;
    const entry: LoggedImage | ForgottenImage = random() < 0.1 ? { image, forgotten: true } : made(image);
    held.take(entry);
    named.add(image);
    if ('forgotten' in entry) expected.delete(image);
    else expected.set(image, entry);
  }
  return { held, expected, named };
}

/** Parts as a file gives them back: each in a buffer of its own. */
const copies = (parts: readonly Uint8Array[] | undefined): Buffer[] =>
  (parts ?? []).map((part) => {
    const copy = Buffer.allocUnsafeSlow(part.byteLength);
    copy.set(part);
    return copy;
  });

describe('FinishedImages', () => {
  test('gives back from its parts what it took, and goes on from there', () => {
    const { held, expected, named } = taken(3000);
    const restored = new FinishedImages();
    expect(restored.restore(copies(held.parts(3000)), 3000)).toBe(true);
    expect(restored.size).toBe(expected.size);
    expect([...restored.values()]).toEqual([...expected.values()]);
    expect(restored.everNamed()).toEqual(named);
    for (const entry of [made('e/new'), made('e/ü1')]) {
      restored.set(entry.image, entry);
      expected.set(entry.image, entry);
    }
    restored.take({ image: 'e/ü2', forgotten: true });
    expected.delete('e/ü2');
    expect([...restored.values()]).toEqual([...expected.values()]);
    const again = new FinishedImages();
    expect(again.restore(copies(restored.parts(3003)), 3003)).toBe(true);
    expect([...again.values()]).toEqual([...expected.values()]);
  });

  test('gives the latest of each image in the order of the log and out of it, while all are the latest and after', () => {
    const held = new FinishedImages();
    const entries = Array.from({ length: 50 }, (_, index) => made(`e/${index}`));
    for (const entry of entries) held.set(entry.image, entry);
    const hashes = (): (string | undefined)[] => entries.map(({ image }) => held.get(image)?.sha256);
    expect(hashes()).toEqual(entries.map(({ sha256 }) => sha256));
    expect(held.get('e/none')).toBeUndefined();
    for (const index of [9, 3, 4, 49, 0, 1]) expect(held.get(`e/${index}`)?.sha256).toBe(entries[index].sha256);
    held.get('e/6');
    held.delete('e/7');
    expect(held.get('e/7')).toBeUndefined();
    const again = made('e/8');
    held.set('e/8', again);
    held.get('e/6');
    expect(held.get('e/8')?.sha256).toBe(again.sha256);
    expect(hashes()).toEqual(
      entries.map(({ image, sha256 }) => (image === 'e/7' ? undefined : image === 'e/8' ? again.sha256 : sha256)),
    );
  });

  test('gives no parts where a log of so many lines holds something else, or a name cannot be written down', () => {
    const held = new FinishedImages();
    held.set('e/1', made('e/1'));
    expect(held.parts(1)).toBeDefined();
    // A line that somebody appended without taking it.
    expect(held.parts(2)).toBeUndefined();
    held.set('e/\ud800', made('e/\ud800'));
    expect(held.parts(2)).toBeUndefined();
  });

  test('gives back what it took, of each image the latest, as a map does', () => {
    const { held, expected, named } = taken(3000);
    expect(held.size).toBe(expected.size);
    expect([...held.values()]).toEqual([...expected.values()]);
    for (const [image, entry] of expected) {
      const found = held.get(image);
      expect(found?.image).toBe(image);
      expect(found?.detections).toEqual(entry.detections);
      expect([found?.landmarks, found?.points]).toEqual([entry.landmarks, entry.points]);
      expect(found?.dense).toEqual(entry.dense);
      expect([found?.widthPx, found?.heightPx, found?.sha256]).toEqual([entry.widthPx, entry.heightPx, entry.sha256]);
      expect([found?.detectedAt, found?.detectMs]).toEqual([entry.detectedAt, entry.detectMs]);
      expect(found?.madeBy).toEqual(entry.madeBy);
      expect(JSON.parse(JSON.stringify(found))).toEqual(entry);
    }
    for (const image of named) expect(held.get(image)?.sha256).toBe(expected.get(image)?.sha256);
    expect(held.has('e/none')).toBe(false);
    expect(held.get('e/none')).toBeUndefined();
  });
});
