import type { ComposedLevel } from '../card/composed.js';
import type { NetworkProbe, ProbedOutput } from './network-probe.js';

/** A level as shapes show it: its stride and its candidates a cell. */
export interface PartLevel {
  readonly stride: number;
  readonly perCell: number;
}

/** Outputs that together give some values of every candidate. */
export interface OutputPart {
  readonly tensor: string | readonly string[];
  readonly outputs: readonly ProbedOutput[];
  readonly axes: string;
  /** Values of a candidate. */
  readonly values: number;
  /** Candidates at the probed size. */
  readonly count: number;
  /** Undefined where the number of candidates fits no grid: rows. */
  readonly levels?: readonly PartLevel[];
  /** Cells along a side that the stride does not divide. */
  readonly cells: 'ceil' | 'floor';
  readonly isMap: boolean;
}

/** One reading of one output. */
interface Reading {
  readonly output: ProbedOutput;
  readonly axes: string;
  readonly values: number;
  readonly count: number;
  /** Of a map. */
  readonly level?: PartLevel;
}

const strides = [2, 4, 8, 16, 32, 64, 128];

/** Most candidates a cell of levels that come as lists of their own. */
const mostPerCell = 6;

/** Level patterns of detectors whose levels come concatenated: (stride, candidates a cell). */
const patterns: readonly (readonly (readonly [number, number])[])[] = [
  [
    [8, 2],
    [16, 2],
    [32, 2],
  ],
  [
    [8, 3],
    [16, 2],
    [32, 2],
    [64, 3],
  ],
  [
    [4, 3],
    [8, 3],
    [16, 3],
    [32, 3],
    [64, 3],
  ],
  [
    [8, 2],
    [16, 6],
  ],
  [
    [16, 2],
    [32, 6],
  ],
  [[4, 1]],
  [
    [32, 21],
    [64, 1],
    [128, 1],
  ],
  [
    [4, 1],
    [8, 1],
    [16, 1],
    [32, 1],
    [64, 1],
    [128, 1],
  ],
  [
    [8, 3],
    [16, 3],
    [32, 3],
  ],
  [
    [8, 3],
    [16, 3],
    [32, 3],
    [64, 3],
  ],
  [
    [8, 1],
    [16, 1],
    [32, 1],
  ],
  [
    [8, 1],
    [16, 1],
    [32, 1],
    [64, 1],
  ],
  [
    [8, 1],
    [16, 1],
    [32, 1],
    [64, 1],
    [128, 1],
  ],
  [
    [8, 2],
    [16, 2],
    [32, 2],
    [64, 2],
    [128, 2],
  ],
];

/**
 * Join outputs into parts: maps or lists of several levels that give the same number of values belong together, the first of
 * each level to the first part, the second to the second.
 */
export function outputParts(probe: NetworkProbe): OutputPart[] {
  const readings = probe.outputs.flatMap((output) => readingsOf(output, probe));
  const parts: OutputPart[] = [];
  for (const key of new Set(readings.map(({ axes, values }) => `${axes}|${values}`))) {
    const alike = readings.filter(({ axes, values }) => `${axes}|${values}` === key);
    for (const group of byOccurrence(alike)) {
      const whole = group.length > 1 || group[0].level ? partOf(group, probe) : undefined;
      // Lists of different lengths that are no levels of one grid stand for themselves.
      if (whole?.levels !== undefined) parts.push(whole);
      else for (const one of group) parts.push(partOf([one], probe));
    }
  }
  return parts;
}

function partOf(group: readonly Reading[], probe: NetworkProbe): OutputPart {
  const [first] = group;
  const isMap = first.level !== undefined;
  const found = (['ceil', 'floor'] as const)
    .map((cells) => {
      const round = Math[cells];
      const cellsOf = (stride: number): number => round(probe.heightPx / stride) * round(probe.widthPx / stride);
      const levels = group.length > 1 || isMap ? levelsOf(group, cellsOf) : patternOf(first.count, cellsOf);
      return { cells, levels };
    })
    .find(({ levels }) => levels !== undefined);
  return {
    tensor: group.length > 1 || isMap ? group.map(({ output }) => output.name) : first.output.name,
    outputs: group.map(({ output }) => output),
    axes: first.axes,
    values: first.values,
    count: group.reduce((sum, { count }) => sum + count, 0),
    cells: found?.cells ?? 'ceil',
    ...(found?.levels === undefined ? {} : { levels: found.levels }),
    isMap,
  };
}

/** The n-th reading of each number of candidates belongs to the n-th group. */
function byOccurrence(readings: readonly Reading[]): Reading[][] {
  const seen = new Map<number, number>();
  const groups: Reading[][] = [];
  for (const reading of readings) {
    const rank = seen.get(reading.count) ?? 0;
    seen.set(reading.count, rank + 1);
    groups[rank] = [...(groups[rank] ?? []), reading];
  }
  return groups;
}

/** Levels of one grid: strides that double, each with its number of candidates a cell; as few of them as there are. */
function levelsOf(group: readonly Reading[], cellsOf: (stride: number) => number): PartLevel[] | undefined {
  if (group.every(({ level }) => level !== undefined)) return group.map(({ level }) => level as PartLevel);
  const sorted = [...group].sort((a, b) => b.count - a.count);
  const readings = strides.flatMap((stride) => {
    const levels = sorted.map(({ count }, at) => ({
      stride: stride * 2 ** at,
      perCell: count / cellsOf(stride * 2 ** at),
    }));
    return levels.every(({ perCell }) => Number.isInteger(perCell) && perCell <= mostPerCell) ? [levels] : [];
  });
  const perCellOf = (levels: readonly PartLevel[]): number => levels.reduce((sum, { perCell }) => sum + perCell, 0);
  const [best] = readings.sort((a, b) => perCellOf(a) - perCellOf(b));
  return best && group.map((one) => best[sorted.indexOf(one)]);
}

function patternOf(count: number, cellsOf: (stride: number) => number): PartLevel[] | undefined {
  const fits = patterns.find(
    (pattern) => pattern.reduce((sum, [stride, perCell]) => sum + cellsOf(stride) * perCell, 0) === count,
  );
  return fits?.map(([stride, perCell]) => ({ stride, perCell }));
}

function readingsOf(output: ProbedOutput, { widthPx, heightPx }: NetworkProbe): Reading[] {
  const { stated } = output;
  const hasBatch = output.dims[0] === 1 && output.dims.length > 1 && !(stated?.length === 2 && stated[0] !== 1);
  const dims = hasBatch ? output.dims.slice(1) : output.dims;
  const strideOf = (height: number, width: number): number | undefined =>
    strides.find((stride) =>
      [Math.ceil, Math.floor].some((round) => round(heightPx / stride) === height && round(widthPx / stride) === width),
    );
  const map = (axes: string, values: number, perCell: number, height: number, width: number): Reading[] => {
    const stride = strideOf(height, width);
    if (stride === undefined || !Number.isInteger(values)) return [];
    return [{ output, axes, values, count: height * width * perCell, level: { stride, perCell } }];
  };
  switch (dims.length) {
    case 1:
      return [{ output, axes: 'n', values: 1, count: dims[0] }];
    case 2:
      return dims[0] < dims[1] && dims[0] <= 256 && dims[1] > 64
        ? [{ output, axes: 'v n', values: dims[0], count: dims[1] }]
        : [{ output, axes: 'n v', values: dims[1], count: dims[0] }];
    case 3: {
      const first = [1, 2, 3].flatMap((k) => map(k === 1 ? 'v h w' : '(k v) h w', dims[0] / k, k, dims[1], dims[2]));
      const last = [1, 2, 3].flatMap((k) => map(k === 1 ? 'h w v' : 'h w (k v)', dims[2] / k, k, dims[0], dims[1]));
      if (first.length + last.length > 0) return [...first, ...last];
      // Rows with a further axis of length 1, as Caffe's DetectionOutput has it.
      return dims[0] === 1 ? [{ output, axes: 'n v', values: dims[2], count: dims[1] }] : [];
    }
    case 4:
      return [
        ...map('k h w v', dims[3], dims[0], dims[1], dims[2]),
        ...map('h w k v', dims[3], dims[2], dims[0], dims[1]),
        ...map('k v h w', dims[1], dims[0], dims[2], dims[3]),
      ];
    default:
      return [];
  }
}

/** Levels as a card says them, without anchors. */
export function pointLevels(levels: readonly PartLevel[]): ComposedLevel[] {
  return levels.map(({ stride, perCell }) => (perCell === 1 ? { stride } : { stride, points: perCell }));
}
