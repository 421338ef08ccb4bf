import { ModelError } from '@retinabench/core';
import { parseAxes } from './axes.js';
import { boxForm, boxForms } from './box-form.js';
import type { ComposedDecoder, ComposedGeometry, PositionRule, ValueRule, ValueSource } from './composed.js';

/**
 * Check what the schema of a composed decoder cannot express: fields that need each other, lists as long as the levels,
 * indices in range.
 *
 * @param place  of the decoder, for messages: `m.card.json: decoder`.
 * @param aligned whether five alignment points are needed.
 * @throws {ModelError} naming the first field that is wrong, expected and actual.
 */
export function checkComposed(decoder: ComposedDecoder, place: string, aligned: boolean): void {
  const { geometry, scores, suppressed } = decoder;
  if (geometry !== undefined) checkGeometry(geometry, `${place}.geometry`);
  for (const [at, factor] of scores.factors.entries()) {
    const field = `${place}.scores.factors[${at}]`;
    checkSource(factor, geometry, field);
    const { classes = 1, keep, activation } = factor;
    if (classes > 1 && keep === undefined) {
      throw wrong(`${field}.keep`, `the classes of ${classes} that are faces, such as [${classes - 1}]`, 'nothing');
    }
    const outside = keep?.find((index) => index >= classes);
    if (outside !== undefined) throw wrong(`${field}.keep`, `classes 0 to ${classes - 1}`, String(outside));
    if (activation?.startsWith('softmax') && classes < 2) {
      throw wrong(`${field}.classes`, `at least 2 for a ${activation}`, String(classes));
    }
    if (activation === 'softmax-of-maxima' && (keep?.length ?? 0) >= classes) {
      throw wrong(`${field}.keep`, 'at least one class left out as background', 'all of them');
    }
  }
  if (scores.peaks !== undefined && (scores.peaks % 2 === 0 || geometry?.levels === undefined)) {
    throw wrong(`${place}.scores.peaks`, 'an odd window, and levels in the geometry', String(scores.peaks));
  }
  checkBoxes(decoder, place);
  checkLandmarks(decoder, place, aligned);
  if (suppressed?.count !== undefined && suppressed.indices !== undefined) {
    throw wrong(`${place}.suppressed`, 'count or indices', 'both');
  }
  if (suppressed?.count !== undefined && geometry !== undefined) {
    throw wrong(`${place}.suppressed.count`, 'no geometry beside it: the rows are detections already', 'a geometry');
  }
}

function checkGeometry(geometry: ComposedGeometry, place: string): void {
  const { levels, list, order, pointInCell, pointPx } = geometry;
  if ((levels === undefined) === (list === undefined)) {
    throw wrong(place, 'levels or list', levels === undefined ? 'neither' : 'both');
  }
  if (pointInCell !== undefined && pointPx !== undefined) throw wrong(place, 'pointInCell or pointPx', 'both');
  if (order !== undefined && order.trim().split(/\s+/).sort().join(' ') !== 'h k w') {
    throw wrong(`${place}.order`, 'a permutation of "h w k"', JSON.stringify(order.slice(0, 40)));
  }
  for (const [at, { anchors, points }] of (levels ?? []).entries()) {
    if (anchors !== undefined && points !== undefined) {
      throw wrong(`${place}.levels[${at}]`, 'anchors or points', 'both');
    }
  }
}

function checkSource(source: ValueSource, geometry: ComposedGeometry | undefined, place: string): void {
  const axes = parseAxes(source.axes ?? 'n v', `${place}.axes`).flat();
  const levels = geometry?.levels?.length;
  if (typeof source.tensor !== 'string' && source.tensor.length !== levels) {
    throw wrong(
      `${place}.tensor`,
      levels === undefined ? 'one name, as the geometry has no levels' : `${levels} names, one per level`,
      `${source.tensor.length}`,
    );
  }
  if (axes.includes('h') && (levels === undefined || (levels > 1 && typeof source.tensor === 'string'))) {
    throw wrong(
      `${place}.axes`,
      levels === undefined ? 'n: rows and columns need levels in the geometry' : `one tensor per level (${levels})`,
      `"${source.axes}"${levels === undefined ? '' : ' of one tensor'}`,
    );
  }
}

function checkBoxes({ geometry, boxes }: ComposedDecoder, place: string): void {
  if (boxes.from.length === 3) throw wrong(`${place}.boxes.from`, '1, 2 or 4 sources', '3');
  for (const [at, source] of boxes.from.entries()) checkSource(source, geometry, `${place}.boxes.from[${at}]`);
  const form = boxForm(boxes.values)?.form;
  if (form === undefined) {
    throw wrong(
      `${place}.boxes.values`,
      `a permutation of one of ${Object.values(boxForms)
        .map((names) => `"${names.join(' ')}"`)
        .join(', ')}`,
      JSON.stringify(boxes.values.slice(0, 60)),
    );
  }
  const needs = { position: form !== 'sides', size: form !== 'corners' };
  for (const field of ['position', 'size'] as const) {
    const rule: PositionRule | undefined = boxes[field];
    if (needs[field] !== (rule !== undefined)) {
      throw wrong(
        `${place}.boxes.${field}`,
        needs[field] ? `a rule for "${boxes.values}"` : `nothing, as "${boxes.values}" names no such value`,
        needs[field] ? 'nothing' : 'a rule',
      );
    }
    if (rule !== undefined) checkRule(rule, geometry, `${place}.boxes.${field}`, false);
  }
  if (form === 'sides' && geometry === undefined) {
    throw wrong(`${place}.geometry`, 'the points that distances to the sides start from', 'nothing');
  }
  if (boxes.bins !== undefined && boxes.bins < 2) throw wrong(`${place}.boxes.bins`, 'at least 2', `${boxes.bins}`);
}

function checkLandmarks({ geometry, landmarks }: ComposedDecoder, place: string, aligned: boolean): void {
  if (landmarks === undefined) {
    if (aligned) throw wrong(`${place}.landmarks`, "a value, as the card's landmarks is true", 'nothing');
    return;
  }
  const field = `${place}.landmarks`;
  checkSource(landmarks.from, geometry, `${field}.from`);
  checkRule(landmarks.position, geometry, `${field}.position`, true);
  const names = (landmarks.values ?? 'x y').trim().split(/\s+/);
  if (['x', 'y'].some((axis) => names.filter((name) => name === axis).length !== 1)) {
    throw wrong(`${field}.values`, 'one x and one y, such as "x y v"', JSON.stringify(landmarks.values?.slice(0, 40)));
  }
  const { points, alignment } = landmarks;
  if (landmarks.names !== undefined && landmarks.names.length !== points) {
    throw wrong(`${field}.names`, `${points} names`, `${landmarks.names.length}`);
  }
  if (aligned && alignment === undefined && points !== 5) {
    throw wrong(`${field}.alignment`, `which of the ${points} points are the five of the alignment`, 'nothing');
  }
  const outside = alignment?.flat().find((index) => index >= points);
  if (outside !== undefined) throw wrong(`${field}.alignment`, `points 0 to ${points - 1}`, `${outside}`);
}

function checkRule(
  rule: PositionRule | ValueRule,
  geometry: ComposedGeometry | undefined,
  place: string,
  ofLandmarks: boolean,
): void {
  const origin = 'origin' in rule ? rule.origin : undefined;
  const hasAnchors = geometry?.list !== undefined || (geometry?.levels?.every(({ anchors }) => anchors) ?? false);
  const hasLevels = geometry?.levels !== undefined;
  if (rule.unit === 'anchor' && !hasAnchors) throw wrong(`${place}.unit`, 'anchors in the geometry for it', '"anchor"');
  if (rule.unit === 'stride' && !hasLevels) throw wrong(`${place}.unit`, 'levels in the geometry for it', '"stride"');
  if (origin === 'point' && geometry === undefined) throw wrong(`${place}.origin`, 'a geometry for it', '"point"');
  if (!ofLandmarks && (rule.unit === 'box' || origin?.startsWith('box'))) {
    throw wrong(place, 'a rule without the box itself', '"box"');
  }
}

function wrong(field: string, expected: string, actual: string): ModelError {
  return new ModelError(`${field}: expected ${expected}, got ${actual}; docs/models.md lists the fields`);
}
