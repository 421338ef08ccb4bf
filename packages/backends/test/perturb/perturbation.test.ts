import { describe, expect, it } from 'vitest';
import { detectionSettings, resolveProtocol } from '../../src/detector/protocol.js';
import { formatPerturbation, parsePerturbation, parsePerturbations } from '../../src/perturb/perturbation.js';
import { cardOf } from '../fixtures/card.js';

describe('parsePerturbations', () => {
  it('reads a list of conditions, each of one or several steps in order', () => {
    const list = parsePerturbations('blur:2,jpeg:30, scale:0.5+rotate:-20', 7);
    expect(list.map(formatPerturbation)).toEqual(['blur:2', 'jpeg:30', 'scale:0.5+rotate:-20']);
    expect(list[2]).toEqual({
      steps: [
        { name: 'scale', value: 0.5 },
        { name: 'rotate', value: -20 },
      ],
      seed: 7,
    });
  });

  it('refuses what it does not know, values out of range and a condition that stands twice', () => {
    for (const [text, message] of [
      ['fog:3', /expected blur:2, jpeg:30.*got "fog:3"/],
      ['', /got ""/],
      ['blur', /blur: expected 0.3 to 100 \(standard deviation in pixels\), got ""/],
      ['jpeg:30.5', /whole number from 1 to 100 \(quality\)/],
      ['jpeg:101', /quality/],
      ['dark:0', /above 0, up to 1/],
      ['noise:-1', /0 to 255/],
      ['scale:5', /0.01 to 4/],
      ['rotate:45', /at most 30 off a multiple of 90/],
      ['rotate:200', /-180 to 180/],
      ['blur:2:3', /got "blur:2:3"/],
      ['blur:x', /got "x"/],
    ] as const) {
      expect(() => parsePerturbation(text), text).toThrow(message);
    }
    expect(() => parsePerturbations('blur:2,blur:2.0')).toThrow(/got blur:2 twice/);
  });
});

describe('detectionSettings', () => {
  const card = cardOf({ kind: 'boxes', outputs: { scores: 's', boxes: 'b' } });
  const settings = (text?: string) =>
    detectionSettings(resolveProtocol(text === undefined ? {} : { perturb: parsePerturbation(text, 7) }, card), card);

  it('names the corruptions, and their seed where something is drawn, and says nothing of a clean run', () => {
    expect(settings('blur:2+noise:10')).toMatchObject({ perturb: 'blur:2+noise:10', perturbSeed: 7 });
    expect(settings('blur:2')).toEqual({ ...settings(), perturb: 'blur:2' });
    expect(settings()).not.toHaveProperty('perturb');
  });
});
