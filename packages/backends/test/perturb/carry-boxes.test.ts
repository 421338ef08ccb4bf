import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { carryDetections } from '../../src/detector/carry-detections.js';
import { carryBoxesBack, carryPointsBack, type Movement } from '../../src/perturb/carry-boxes.js';
import { rotatedSize } from '../../src/perturb/rotate.js';

function turn(degrees: number, widthPx = 400, heightPx = 300): Movement {
  return {
    kind: 'rotate',
    degrees,
    fromPx: [widthPx, heightPx],
    toPx: rotatedSize(widthPx, heightPx, degrees),
  };
}

/** The box around a turned ellipse, by points on its outline: what a detector that is right finds. */
function boxOfTurnedEllipse([x1, y1, x2, y2]: readonly number[], degrees: number): number[] {
  const movement = turn(degrees);
  if (movement.kind !== 'rotate') throw new Error('unreachable');
  const radians = (degrees * Math.PI) / 180;
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let step = 0; step < 3600; step++) {
    const angle = (step * Math.PI) / 1800;
    const offX = (x1 + x2) / 2 + ((x2 - x1) / 2) * Math.cos(angle) - movement.fromPx[0] / 2;
    const offY = (y1 + y2) / 2 + ((y2 - y1) / 2) * Math.sin(angle) - movement.fromPx[1] / 2;
    xs.push(movement.toPx[0] / 2 + Math.cos(radians) * offX - Math.sin(radians) * offY);
    ys.push(movement.toPx[1] / 2 + Math.sin(radians) * offX + Math.cos(radians) * offY);
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

describe('carryBoxesBack', () => {
  it('gives the box of an ellipse back from the box around it turned, at any angle that is allowed', () => {
    const random = seededRandom(5);
    for (const degrees of [0, 5, 20, -20, 30, -30, 70, 90, 110, 160, 180, -90]) {
      const [x, y] = [50 + 200 * random(), 50 + 100 * random()];
      const box = [x, y, x + 20 + 40 * random(), y + 20 + 40 * random()];
      const turned = Float32Array.from(boxOfTurnedEllipse(box, degrees));
      carryBoxesBack(turned, turn(degrees));
      turned.forEach((value, at) => {
        expect(Math.abs(value - box[at]), `${degrees}`).toBeLessThan(0.01);
      });
    }
  });

  it('changes nothing at 0 degrees', () => {
    const box = Float32Array.of(10, 20, 30, 60);
    carryBoxesBack(box, turn(0));
    expect([...box]).toEqual([10, 20, 30, 60]);
  });

  it('swaps the sides at 90 degrees: a hand-worked example', () => {
    // 400 x 300 turned is 300 x 400. Clockwise by 90: (x, y) goes to (300 - y, x). A box from (100, 50) to (140, 110) turns
    // into one from (190, 100) to (250, 140).
    const box = Float32Array.of(190, 100, 250, 140);
    carryBoxesBack(box, turn(90));
    expect([...box]).toEqual([100, 50, 140, 110]);
  });

  it('keeps the centre and a finite size where no ellipse gives the box', () => {
    // Ten times as wide as high: w^2 - h^2 = 99 / cos 60 = 198 > 101 = w^2 + h^2. Taken as 3 to 1: w = 3 h, 10 h^2 = 101.
    const movement = turn(30);
    const box = Float32Array.of(200, 200, 210, 201);
    carryBoxesBack(box, movement);
    expect((box[2] - box[0]) / (box[3] - box[1])).toBeCloseTo(3, 3);
    expect((box[2] - box[0]) ** 2 + (box[3] - box[1]) ** 2).toBeCloseTo(101, 1);
    const centre = Float32Array.of(205, 200.5);
    carryPointsBack(centre, movement);
    expect((box[0] + box[2]) / 2).toBeCloseTo(centre[0], 3);
  });

  it('divides by the factors of a scaled image', () => {
    const box = Float32Array.of(10, 10, 20, 30);
    carryBoxesBack(box, { kind: 'scale', factorX: 0.5, factorY: 0.25 });
    expect([...box]).toEqual([20, 40, 40, 120]);
  });
});

describe('carryDetections', () => {
  it('undoes movements last first, landmarks with boxes', () => {
    // Scaled to a half (200 x 150), then turned by 90 (150 x 200): the point (100, 50) goes to (50, 25), then (125, 50).
    const movements: Movement[] = [
      { kind: 'scale', factorX: 0.5, factorY: 0.5 },
      { kind: 'rotate', degrees: 90, fromPx: [200, 150], toPx: [150, 200] },
    ];
    const found = {
      count: 1,
      boxesXyxy: Float32Array.of(120, 45, 130, 55),
      scores: Float32Array.of(0.9),
      landmarks: Float32Array.of(125, 50, 125, 50, 125, 50, 125, 50, 125, 50),
    };
    const carried = carryDetections(found, movements);
    expect([...carried.boxesXyxy]).toEqual([90, 40, 110, 60]);
    expect([...(carried.landmarks ?? [])]).toEqual([100, 50, 100, 50, 100, 50, 100, 50, 100, 50]);
    expect([...found.boxesXyxy]).toEqual([120, 45, 130, 55]);
  });
});
