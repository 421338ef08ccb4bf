import { expect, test } from 'vitest';
import { type CardDecoder, type CardInput, cardSettings, findArchitecture } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const { card: retinaface } = findArchitecture('retinaface-mnet025');
const input: CardInput = {
  ...retinaface.input,
  size: { rule: 'multiple', of: 32, padValue: 0 },
};
const decoder = retinaface.decoder as Extract<CardDecoder, { kind: 'retinaface' }>;

test('cardSettings names what turns an image into input and output into boxes by its path in the card', () => {
  expect(cardSettings(retinaface)).toEqual({
    'input.colourOrder': 'bgr',
    'input.mean': [104, 117, 123],
    'input.scale': [1, 1, 1],
    'input.size.rule': 'any',
    'decoder.kind': 'retinaface',
    'decoder.anchors': 'mnet025',
    'decoder.variances': [0.1, 0.2],
    'decoder.softmaxApplied': false,
  });
});

test.each<[string, Partial<{ input: Partial<CardInput>; decoder: object }>]>([
  ['the mean', { input: { mean: [0, 0, 0] } }],
  ['the scale', { input: { scale: [0.0078125, 1, 1] } }],
  ['the order of channels', { input: { colourOrder: 'rgb' } }],
  ['the element type', { input: { type: 'uint8' } }],
  ['the padding rule', { input: { size: { rule: 'multiple', of: 64, padValue: 0 } } }],
  ['the padding value', { input: { size: { rule: 'multiple', of: 32, padValue: 114 } } }],
  ['where the padding lies', { input: { size: { rule: 'multiple', of: 32, padValue: 0, fit: 'pad-centre' } } }],
  ['what is fed beside the image', { input: { sides: [{ tensor: 'threshold', dims: [], values: [0.3] }] } }],
  ['the variances', { decoder: { variances: [0.2, 0.4] } }],
  ['the softmax', { decoder: { softmaxApplied: true } }],
  ['the anchors', { decoder: { anchors: 'slim' } }],
])('cardSettings changes with %s', (_, change) => {
  const base = { input, decoder };
  const changed = { input: { ...input, ...change.input }, decoder: { ...decoder, ...change.decoder } as CardDecoder };
  expect(cardSettings(changed)).not.toEqual(cardSettings(base));
});

test('cardSettings is the same for another export: names and order of axes of tensors, and landmarks, are no settings', () => {
  const outputs = { scores: '432', boxes: '451', landmarks: '473' };
  expect(cardSettings({ input: { ...input, tensor: 'input.1' }, decoder: { ...decoder, outputs } })).toEqual(
    cardSettings({ input, decoder }),
  );
  const withMesh = { ...decoder, outputs: { ...outputs, dense: '490' }, denseFrame: 'face' } as CardDecoder;
  expect(cardSettings({ input, decoder: withMesh })).toEqual(cardSettings({ input, decoder }));
  const composed = (tensor: string, axes: string, points: number): CardDecoder => ({
    kind: 'composed',
    geometry: { levels: [{ stride: 8, anchors: [16] }], pointInCell: 0 },
    scores: { factors: [{ tensor, axes, activation: 'sigmoid' }] },
    boxes: { from: [{ tensor }], values: 'cx cy w h', position: { unit: 'stride' }, size: { unit: 'stride' } },
    landmarks: { from: { tensor }, points, position: { unit: 'stride' } },
  });
  const settings = cardSettings({ input, decoder: composed('a', 'n v', 5) });
  expect(cardSettings({ input, decoder: composed('b', 'v n', 6) })).toEqual(settings);
  expect(settings).toMatchObject({
    'decoder.geometry.levels': '[{"anchors":[16],"stride":8}]',
    'decoder.scores.factors': '[{"activation":"sigmoid"}]',
    'decoder.boxes.position.unit': 'stride',
  });
});

test('cardSettings hashes a long list of anchors', () => {
  type Anchor = readonly [cx: number, cy: number, w: number, h: number];
  const list = Array.from({ length: 500 }, (_, at): Anchor => [at, at, 16, 16]);
  const settings = (of: readonly Anchor[]) =>
    cardSettings({
      input,
      decoder: {
        kind: 'composed',
        geometry: { list: of },
        scores: { factors: [{ tensor: 's' }] },
        boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { unit: 'pixels' } },
      },
    })['decoder.geometry.list'];
  expect(settings(list)).toMatch(/^500 values, sha256 [0-9a-f]{12}$/);
  expect(settings([...list.slice(1), list[0]])).not.toBe(settings(list));
});

test('two published models of one family differ in what their cards differ in', () => {
  const [small, large] = ['ultraface-rfb-320', 'ultraface-rfb-640'].map((id) =>
    cardSettings(publishedModels.find(({ card }) => card.id === id)!.card),
  );
  const differing = Object.keys(small).filter((key) => JSON.stringify(small[key]) !== JSON.stringify(large[key]));
  expect(differing).toEqual(['input.size.widthPx', 'input.size.heightPx']);
});
