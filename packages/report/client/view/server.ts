import { unpackIndex, type ViewIndex } from '../../src/view/view-index.js';

/** Boxes of an image: Float32Array [n, 4], (x, y, w, h) in pixels. */
export interface ImageBoxes {
  readonly faces: Float32Array;
  readonly detections: Float32Array;
}

/** Images whose boxes are kept. */
const kept = 64;

const boxes = new Map<string, Promise<ImageBoxes>>();

/** All that the page knows from the start. */
export async function fetchIndex(): Promise<ViewIndex> {
  return unpackIndex(await bytesOf('index'));
}

/** Boxes of an image of a record; those of the last images are kept. */
export function fetchBoxes(index: ViewIndex, record: number, image: number): Promise<ImageBoxes> {
  const key = `${record}/${image}`;
  const known = boxes.get(key);
  if (known !== undefined) return known;
  const count = index.faces.start[image + 1] - index.faces.start[image];
  const asked = bytesOf(`boxes/${key}`).then((bytes) => {
    const all = new Float32Array(bytes);
    return { faces: all.subarray(0, 4 * count), detections: all.subarray(4 * count) };
  });
  asked.catch(() => boxes.delete(key));
  boxes.set(key, asked);
  for (const oldest of boxes.keys()) {
    if (boxes.size <= kept) break;
    boxes.delete(oldest);
  }
  return asked;
}

async function bytesOf(place: string): Promise<ArrayBuffer> {
  const response = await fetch(place);
  if (!response.ok) throw new Error(`${await response.text()} (${response.status})`);
  return response.arrayBuffer();
}
