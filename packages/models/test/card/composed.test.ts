import { expect, test } from 'vitest';
import { decoderOutputs } from '../../src/card/decoder-outputs.js';
import { assertCard, type ComposedDecoder, composedForm } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const scrfd = publishedModels.find(({ card }) => card.id === 'scrfd-500m')!.card;
const composed = composedForm(scrfd.decoder!);
const cardWith = (decoder: unknown, more: object = {}): unknown => ({ ...scrfd, ...more, decoder });

test('the presets of the zoo are valid cards when written out', () => {
  for (const { card } of publishedModels) {
    if (card.decoder === undefined) continue;
    const written = { ...card, decoder: composedForm(card.decoder) };
    expect(assertCard(written, card.id)).toBe(written);
    expect(decoderOutputs(written.decoder)).toEqual(decoderOutputs(card.decoder));
  }
});

const { levels } = composed.geometry!;
test.each<[string, ComposedDecoder, RegExp]>([
  [
    'an output a level',
    { ...composed, scores: { factors: [{ tensor: ['out0', 'out1'] }] } },
    /decoder\.scores\.factors\[0\]\.tensor: expected 3 names, one per level, got 2/,
  ],
  [
    'the classes that are faces',
    { ...composed, scores: { factors: [{ tensor: 'out0', classes: 2 }] } },
    /factors\[0\]\.keep: expected the classes of 2 that are faces, such as \[1\], got nothing/,
  ],
  [
    'classes that there are',
    { ...composed, scores: { factors: [{ tensor: 'out0', classes: 2, keep: [2] }] } },
    /keep: expected classes 0 to 1, got 2/,
  ],
  [
    'known values of a box',
    { ...composed, boxes: { ...composed.boxes, values: 'x y w h' } },
    /boxes\.values: expected a permutation of one of "x1 y1 x2 y2", .*, got "x y w h"/,
  ],
  [
    'a rule for the values of a box',
    { ...composed, boxes: { ...composed.boxes, values: 'cx cy w h' } },
    /boxes\.position: expected a rule for "cx cy w h", got nothing/,
  ],
  [
    'anchors behind the unit anchor',
    { ...composed, boxes: { ...composed.boxes, size: { unit: 'anchor' } } },
    /boxes\.size\.unit: expected anchors in the geometry for it, got "anchor"/,
  ],
  [
    'axes that there are',
    { ...composed, scores: { factors: [{ tensor: 'out0', axes: 'n q' }] } },
    /axes: expected axes such as .*, got "n q": q is not one of them/,
  ],
  [
    'axes of a whole candidate',
    { ...composed, scores: { factors: [{ tensor: 'out0', axes: 'n h w' }] } },
    /got "n h w": candidates are either n, or h and w/,
  ],
  [
    'a tensor per level for maps',
    { ...composed, scores: { factors: [{ tensor: 'out0', axes: 'v h w' }] } },
    /axes: expected one tensor per level \(3\), got "v h w" of one tensor/,
  ],
  [
    'levels or a list',
    { ...composed, geometry: { levels: levels!, list: [[0, 0, 1, 1]] } },
    /geometry: expected levels or list, got both/,
  ],
  [
    'an order of all three',
    { ...composed, geometry: { levels: levels!, order: 'h w' } },
    /geometry\.order: expected a permutation of "h w k", got "h w"/,
  ],
  [
    'alignment points of six',
    { ...composed, landmarks: { ...composed.landmarks!, points: 6 } },
    /landmarks\.alignment: expected which of the 6 points are the five of the alignment, got nothing/,
  ],
])('a composed decoder needs %s', (_, decoder, message) => {
  expect(() => assertCard(cardWith(decoder), 'm')).toThrow(message);
});

test('an unknown kind lists those that there are', () => {
  expect(() => assertCard(cardWith({ kind: 'ssd' }), 'm')).toThrow(
    /decoder\.kind: expected one of "composed", "retinaface", "scrfd", "yunet", "corners", "boxes", got "ssd"/,
  );
});

test('an unknown key lists those that there are', () => {
  const decoder = { ...composed, boxes: { ...composed.boxes, unit: 'stride' } };
  expect(() => assertCard(cardWith(decoder), 'm')).toThrow(
    /decoder\.boxes\.unit: expected no such property, got "stride" \(there are from, values, position, size, bins, inclusive, clamp\)/,
  );
});

test('a dense head whose camera looks at the face needs landmarks', () => {
  const outputs = { scores: 's', boxes: 'b', landmarks: 'l', dense: 'd' };
  const decoder = {
    ...{ kind: 'retinaface', outputs, anchors: 'mnet025', variances: [0.1, 0.2], softmaxApplied: false },
    denseFrame: 'face',
  };
  expect(assertCard(cardWith(decoder, { landmarks: true }), 'm')).toBeDefined();
  const { landmarks: _, ...without } = outputs;
  for (const [given, landmarks] of [
    [without, false],
    [outputs, false],
    [{ scores: 's', boxes: 'b', landmarks: 'l' }, true],
  ] as const) {
    expect(() => assertCard(cardWith({ ...decoder, outputs: given }, { landmarks }), 'm')).toThrow(
      /decoder\.denseFrame: expected outputs\.dense and landmarks/,
    );
  }
});

test('a card whose landmarks is true needs outputs of landmarks', () => {
  const { landmarks: _, ...without } = composed;
  expect(() => assertCard(cardWith(without), 'm')).toThrow(
    /decoder\.landmarks: expected a value, as the card's landmarks/,
  );
  expect(assertCard(cardWith(without, { landmarks: false }), 'm')).toBeDefined();
});

test('a network that does not suppress by itself needs an IoU', () => {
  const defaults = { scoreFloor: 0.02 };
  expect(() => assertCard(cardWith(composed, { defaults }), 'm')).toThrow(/defaults\.nmsIou: expected a number/);
  expect(assertCard(cardWith({ ...composed, suppressed: {} }, { defaults }), 'm')).toBeDefined();
});
