import type { ValidationLossResult } from '@retinabench/eval-wider';
import type { ProtocolSettings, ResultRecord } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { renderTable } from '../terminal/table.js';

/** What the record holds of a validation loss. */
export function lossContent(result: ValidationLossResult): Pick<ResultRecord, 'loss' | 'positives'> {
  const { byLevel, byHeight, positives, annotatedPositives, negatives } = result;
  const heights = byHeight.filter(({ faces }) => faces > 0);
  const perHeight = (pick: (bin: (typeof heights)[number]) => number): Record<string, number> =>
    Object.fromEntries(heights.map((bin) => [bin.bin, pick(bin)]));
  return {
    loss: { ...result.loss },
    positives: {
      anchors: { positive: positives, withLandmarks: annotatedPositives, minedNegative: negatives },
      level: Object.fromEntries(byLevel.map((level) => [`stride ${level.stride}`, level.positives])),
      height: perHeight((bin) => bin.positives),
      faces: perHeight((bin) => bin.faces),
      facesMatched: perHeight((bin) => bin.matched),
      facesClaimed: perHeight((bin) => bin.claimed),
      facesWithout: perHeight((bin) => bin.without),
    },
  };
}

/** A validation loss as text for a terminal. */
export function formatLoss(result: ValidationLossResult, protocol: ProtocolSettings, notes: readonly string[]): string {
  const { loss, positives, negatives, annotatedPositives, byLevel, byHeight } = result;
  const numeric = true;
  const terms = renderTable(
    [{ heading: 'term' }, { heading: 'loss', numeric }, { heading: 'over' }],
    [
      ['classification', loss.classification.toFixed(4), `${positives} positives, ${negatives} negatives`],
      ['box', loss.box.toFixed(4), `${positives} positives`],
      ['landmark', loss.landmark.toFixed(4), `${annotatedPositives} positives with landmarks`],
      ['total, weighted', loss.total.toFixed(4), ''],
    ],
  );
  const levels = renderTable(
    [
      { heading: 'stride', numeric },
      { heading: 'positives', numeric },
      { heading: 'share', numeric },
    ],
    byLevel.map((level) => [
      String(level.stride),
      String(level.positives),
      `${((100 * level.positives) / positives).toFixed(1)} %`,
    ]),
  );
  const heights = renderTable(
    [
      { heading: 'face height, px' },
      { heading: 'faces', numeric },
      { heading: 'positives', numeric },
      { heading: 'per face', numeric },
      { heading: 'matched', numeric },
      { heading: 'claimed only', numeric },
      { heading: 'without', numeric },
    ],
    byHeight
      .filter(({ faces }) => faces > 0)
      .map(({ bin, faces, positives: anchors, matched, claimed, without }) => [
        bin,
        String(faces),
        String(anchors),
        (anchors / faces).toFixed(2),
        String(matched),
        String(claimed),
        String(without),
      ]),
  );
  return [terms, '', levels, '', heights, '', formatProtocol(protocol), `${result.images} images`, ...notes].join('\n');
}
