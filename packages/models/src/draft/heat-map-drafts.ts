import type { ComposedDecoder, ValueSource } from '../card/composed.js';
import type { DecoderDraft } from './decoder-draft.js';
import type { OutputPart } from './output-parts.js';

/**
 * Readings of a heat map with a map of offsets and one of sizes, and points where there are ten more channels.
 *
 * Source: arXiv:1911.03599 (CenterFace): rows come before columns, sizes are exponentials in strides, points lie in the box.
 */
export function heatMapDrafts(parts: readonly OutputPart[]): DecoderDraft[] {
  const maps = parts.filter(({ isMap, levels }) => isMap && levels?.length === 1 && levels[0].perCell === 1);
  const heat = maps.find(({ values }) => values === 1);
  const pairs = maps.filter(({ values }) => values === 2);
  const points = maps.find(({ values }) => values === 10);
  if (heat === undefined || pairs.length !== 2) return [];
  const [first, second] = pairs;
  return [
    [first, second],
    [second, first],
  ].flatMap(([offset, size]) =>
    (['cy cx h w', 'cx cy w h'] as const).flatMap((values) =>
      (['exp', 'none'] as const).map((activation): DecoderDraft => {
        const decoder: ComposedDecoder = {
          kind: 'composed',
          geometry: { levels: [{ stride: heat.levels?.[0]?.stride ?? 4 }] },
          scores: { factors: [sourceOf(heat)] },
          boxes: {
            from: [sourceOf(offset), sourceOf(size)],
            values,
            position: { origin: 'point', unit: 'stride' },
            size: { unit: 'stride', ...(activation === 'none' ? {} : { activation }) },
          },
          ...(points === undefined
            ? {}
            : {
                landmarks: {
                  from: sourceOf(points),
                  points: 5,
                  values: values === 'cy cx h w' ? 'y x' : 'x y',
                  position: { origin: 'box', unit: 'box' },
                },
              }),
        };
        return {
          family: 'CenterFace',
          choices: {
            outputs: `heat map ${heat.outputs[0].name}`,
            boxes: `offsets ${offset.outputs[0].name}, sizes ${size.outputs[0].name}${activation === 'exp' ? ' as exponentials' : ''}, ${values}`,
          },
          decoder,
        };
      }),
    ),
  );
}

function sourceOf({ tensor, axes }: OutputPart): ValueSource {
  return { tensor, axes };
}
