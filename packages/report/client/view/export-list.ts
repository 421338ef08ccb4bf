import { saveFile } from '../download.js';
import type { ViewState } from './view-state.js';

/** Save the names of the marked images, or if none is marked of the listed ones, a line each, as `--images` takes them. */
export function exportList(state: ViewState): void {
  const { index, marked, listed } = state;
  const images = marked.size > 0 ? [...marked].sort((a, b) => a - b) : listed.map(({ image }) => image);
  saveFile('retinabench-images.txt', 'text/plain', images.map((image) => `${index.images[image]}\n`).join(''));
}
