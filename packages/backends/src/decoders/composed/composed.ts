import { ModelError, ShapeError } from '@retinabench/core';
import type { ComposedDecoder, ComposedGeometry } from '@retinabench/models';
import type { Decoder, PassOutputs } from '../decoder.js';
import { boxDecoder, type Candidate } from './box-decoder.js';
import { type Grid, type GridLevel, layGrid, rowsGrid } from './grid.js';
import { alignmentPoints, everyPoint, landmarkDecoder, landmarkValues } from './landmark-decoder.js';
import { isPeak } from './peaks.js';
import { ScoreFilter } from './score-filter.js';
import { scoreReader } from './score-reader.js';
import { namedOutput, type ParsedSource, parseSource, type ValueView, viewsOf } from './value-view.js';

/** Grids of this many input sizes are kept: images of a set differ in size, those of a camera do not. */
const keptGrids = 8;

/**
 * The decoder that a card composes. Scores come first; only the boxes and landmarks of candidates above the floor are
 * decoded.
 *
 * Cost: O(candidates) for the scores, O(survivors) for the rest; arithmetic in float64, rounded once.
 */
export function composedDecoder(card: ComposedDecoder): Decoder {
  const { geometry, boxes, landmarks, suppressed } = card;
  const order = geometry?.order;
  const factors = card.scores.factors.map((factor) => parseSource(factor, factor.classes ?? 1, order));
  const perSource = (4 / boxes.from.length) * (boxes.bins ?? 1);
  const boxSources = boxes.from.map((source) => parseSource(source, perSource, order));
  const pointSource = landmarks && parseSource(landmarks.from, landmarkValues(landmarks), order);
  const scoreOf = scoreReader(card.scores);
  const filter = new ScoreFilter(card.scores);
  const decodeBox = boxDecoder(boxes);
  const decodeLandmarks = landmarks && landmarkDecoder(landmarks, alignmentPoints(landmarks));
  const decodePoints = landmarks && landmarkDecoder(landmarks, everyPoint(landmarks.points));
  const gridOf = geometry && cachedGrids(geometry);
  const { peaks = 1 } = card.scores;
  const candidate: Candidate = { level: rowsGrid(0).levels[0], row: 0, column: 0, anchor: 0, at: -1 };
  return (outputs, scoreFloor, candidates) => {
    const { inputWidthPx, inputHeightPx } = outputs;
    const grid = gridOf?.(inputWidthPx, inputHeightPx) ?? rowsGrid(rowsOf(boxSources[0], outputs));
    const counted = suppressed?.count === undefined ? grid.count : countOf(suppressed.count, grid, outputs);
    const chosen = suppressed?.indices === undefined ? undefined : chosenOf(suppressed.indices, grid, outputs);
    const scoreViews = byLevel(factors, grid, outputs);
    const boxViews = byLevel(boxSources, grid, outputs);
    const pointViews =
      pointSource && (candidates.hasLandmarks || candidates.pointValues > 0)
        ? viewsOf(pointSource, grid, outputs)
        : undefined;
    let sawNaN = false;
    const visit = (levelAt: number, level: GridLevel, row: number, column: number, anchor: number): void => {
      const score = scoreOf(scoreViews[levelAt], row, column, anchor);
      if (!(score > scoreFloor)) {
        if (Number.isNaN(score)) sawNaN = true;
        return;
      }
      if (peaks > 1 && !isPeak(scoreOf, scoreViews[levelAt], level, row, column, anchor, score, peaks)) return;
      const index = level.first + (row * level.columns + column) * level.perCell + anchor;
      candidate.level = level;
      candidate.row = row;
      candidate.column = column;
      candidate.anchor = anchor;
      candidate.at = grid.anchors.length === 0 ? -1 : index * 4;
      const to = candidates.reserve(1);
      const { boxBuffer } = candidates;
      candidates.scoreBuffer[to] = score;
      decodeBox(boxViews[levelAt], candidate, grid, outputs, boxBuffer, to * 4);
      if (pointViews) {
        const view = pointViews[levelAt];
        const { hasLandmarks, landmarkBuffer, pointValues, pointBuffer } = candidates;
        if (hasLandmarks) decodeLandmarks?.(view, candidate, grid, outputs, boxBuffer, to * 4, landmarkBuffer, to * 10);
        if (pointValues > 0) {
          decodePoints?.(view, candidate, grid, outputs, boxBuffer, to * 4, pointBuffer, to * pointValues);
        }
      }
      candidates.count++;
    };
    if (chosen) visitChosen(chosen, grid, visit);
    else visitSelected(filter, scoreViews, grid, counted, scoreFloor, visit);
    if (sawNaN) {
      throw new ModelError(
        `${outputs.place}: output ${factors.flatMap(({ tensor }) => tensor).join(', ')} holds NaN; expected scores: the model or the backend is broken, compare backends with retinabench parity`,
      );
    }
  };
}

type Visit = (levelAt: number, level: GridLevel, row: number, column: number, anchor: number) => void;

function visitSelected(
  filter: ScoreFilter,
  views: readonly (readonly ValueView[])[],
  grid: Grid,
  counted: number,
  scoreFloor: number,
  visit: Visit,
): void {
  for (const [levelAt, level] of grid.levels.entries()) {
    const { columns, perCell } = level;
    const most = level.rows * columns * perCell;
    // Rows without a place are one row of cells, of which the network may say that only the first count.
    const last = level.rows === 1 ? Math.min(most, counted) : most;
    const { indices, count } = filter.select(views[levelAt], level, last, scoreFloor);
    for (let rank = 0; rank < count; rank++) {
      const index = indices[rank];
      const cell = perCell === 1 ? index : Math.floor(index / perCell);
      const row = Math.floor(cell / columns);
      visit(levelAt, level, row, cell - row * columns, index - cell * perCell);
    }
  }
}

function visitChosen(chosen: readonly number[], grid: Grid, visit: Visit): void {
  for (const index of chosen) {
    const levelAt = grid.levels.findLastIndex(({ first }) => first <= index);
    const level = grid.levels[levelAt];
    const cell = Math.floor((index - level.first) / level.perCell);
    const row = Math.floor(cell / level.columns);
    visit(levelAt, level, row, cell % level.columns, (index - level.first) % level.perCell);
  }
}

/** Views by level, then by source. */
function byLevel(sources: readonly ParsedSource[], grid: Grid, outputs: PassOutputs): ValueView[][] {
  const bySource = sources.map((source) => viewsOf(source, grid, outputs));
  return grid.levels.map((_, level) => bySource.map((views) => views[level]));
}

/** Rows of decoded boxes: what the axis `n` holds. */
function rowsOf({ tensor, axes }: ParsedSource, outputs: PassOutputs): number {
  const name = typeof tensor === 'string' ? tensor : tensor[0];
  const { dims } = namedOutput(outputs, name);
  const fromEnd = axes.length - axes.findIndex((names) => names.includes('n'));
  const count = dims[dims.length - fromEnd];
  if (count !== undefined) return count;
  throw new ShapeError(
    `${outputs.place}: output ${name}: expected at least ${fromEnd} axes, got [${dims.join(', ')}]; correct the card's axes`,
  );
}

function countOf(name: string, grid: Grid, outputs: PassOutputs): number {
  const { data, dims } = namedOutput(outputs, name);
  const count = data[0];
  if (data.length === 1 && Number.isInteger(count) && count >= 0 && count <= grid.count) return count;
  throw new ModelError(
    `${outputs.place}: output ${name}: expected one whole number from 0 to ${grid.count}, the rows that count, got ${data.length === 1 ? count : `[${dims.join(', ')}]`}; correct the card's suppressed.count`,
  );
}

function chosenOf(name: string, grid: Grid, outputs: PassOutputs): number[] {
  const { data, dims } = namedOutput(outputs, name);
  const width = dims.length < 2 ? 1 : dims[dims.length - 1];
  const chosen: number[] = [];
  for (let at = width - 1; at < data.length; at += width) {
    if (data[at] === -1) continue;
    if (!Number.isInteger(data[at]) || data[at] < 0 || data[at] >= grid.count) {
      throw new ModelError(
        `${outputs.place}: output ${name}: expected indices of ${grid.count} candidates, got ${data[at]}; correct the card's suppressed.indices`,
      );
    }
    chosen.push(data[at]);
  }
  return chosen;
}

function cachedGrids(geometry: ComposedGeometry): (widthPx: number, heightPx: number) => Grid {
  const cache = new Map<string, Grid>();
  return (widthPx, heightPx) => {
    const key = `${widthPx}x${heightPx}`;
    const grid = cache.get(key) ?? layGrid(geometry, widthPx, heightPx);
    cache.delete(key);
    cache.set(key, grid);
    if (cache.size > keptGrids) cache.delete(cache.keys().next().value as string);
    return grid;
  };
}
