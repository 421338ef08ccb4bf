/** Side of a cell of the feature map, in pixels of the image that it is computed on. */
export const cellPx = 8;

const orientations = 8;
/** Values per cell: a histogram of gradient directions and the mean colour. */
const channels = orientations + 3;
/** Cells to each side of the one in the middle that a head sees: 5 x 5 cells, 40 x 40 pixels. */
const margin = 2;

/** Values per row of `cellFeatures`. */
export const featureCount = (2 * margin + 1) ** 2 * channels;

/** Greyscale-and-colour image in floats, [height, width, 3]. */
export interface FloatImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Float32Array;
}

/**
 * The frozen backbone: for each cell of 8 x 8 pixels the histogram of gradient directions, normalised over its
 * neighbours, and the mean colour, of the cell and all cells around it that the heads see. It stands for the feature
 * pyramid of a real network; it has nothing to learn, so that it is computed once per image.
 *
 * @returns Float32Array [rows x columns, featureCount], rows = ceil(height / 8), columns = ceil(width / 8).
 * Source: Dalal and Triggs, "Histograms of oriented gradients", CVPR 2005.
 */
export function cellFeatures(image: FloatImage): Float32Array {
  const columns = Math.ceil(image.widthPx / cellPx);
  const rows = Math.ceil(image.heightPx / cellPx);
  const cells = normalise(histograms(image, columns, rows), columns, rows);
  const features = new Float32Array(rows * columns * featureCount);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = row - margin; y <= row + margin; y++) {
        for (let x = column - margin; x <= column + margin; x++) {
          const inside = x >= 0 && x < columns && y >= 0 && y < rows;
          const from = (y * columns + x) * channels;
          for (let channel = 0; channel < channels; channel++) features[to++] = inside ? cells[from + channel] : 0;
        }
      }
    }
  }
  return features;
}

/** Per cell the gradient magnitude by direction, and the mean colour in -1..1. */
function histograms({ widthPx, heightPx, data }: FloatImage, columns: number, rows: number): Float32Array {
  const cells = new Float32Array(rows * columns * channels);
  const brightness = (x: number, y: number): number => {
    const at = (Math.min(Math.max(y, 0), heightPx - 1) * widthPx + Math.min(Math.max(x, 0), widthPx - 1)) * 3;
    return (data[at] + data[at + 1] + data[at + 2]) / 3;
  };
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const cell = (Math.floor(y / cellPx) * columns + Math.floor(x / cellPx)) * channels;
      const dx = brightness(x + 1, y) - brightness(x - 1, y);
      const dy = brightness(x, y + 1) - brightness(x, y - 1);
      const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) * orientations;
      const direction = Math.floor(turn) % orientations;
      const share = turn - Math.floor(turn);
      const magnitude = Math.hypot(dx, dy);
      cells[cell + direction] += magnitude * (1 - share);
      cells[cell + ((direction + 1) % orientations)] += magnitude * share;
      const at = (y * widthPx + x) * 3;
      for (let colour = 0; colour < 3; colour++) {
        cells[cell + orientations + colour] += (data[at + colour] / 127.5 - 1) / cellPx ** 2;
      }
    }
  }
  return cells;
}

/** Divide each histogram by the energy of the 3 x 3 cells around it, so that contrast does not matter. */
function normalise(cells: Float32Array, columns: number, rows: number): Float32Array {
  const energy = new Float32Array(rows * columns);
  for (let cell = 0; cell < energy.length; cell++) {
    for (let k = 0; k < orientations; k++) energy[cell] += cells[cell * channels + k] ** 2;
  }
  const normalised = cells.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, rows - 1); y++) {
        for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, columns - 1); x++) {
          sum += energy[y * columns + x];
          count++;
        }
      }
      const scale = 1 / Math.sqrt(sum / count + 1e4);
      const at = (row * columns + column) * channels;
      for (let k = 0; k < orientations; k++) normalised[at + k] *= scale;
    }
  }
  return normalised;
}
