import type { NetworkProbe } from '@retinabench/models';
import type { Session } from '../backend/backend.js';
import type { RawRun } from './raw-runs.js';

/** What one run shows of a network's outputs. */
export function probeNetwork(session: Session, { frame, tensors }: RawRun, suppresses: boolean): NetworkProbe {
  return {
    widthPx: frame.inputWidthPx,
    heightPx: frame.inputHeightPx,
    suppresses,
    outputs: session.outputNames.map((name) => {
      const { data, dims } = tensors[name];
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      for (const value of data) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      const signature = session.signature?.outputs.find((output) => output.name === name);
      const isInteger = /^u?int/.test(signature?.elementType ?? '');
      return { name, dims, stated: signature?.dims, isInteger, least, most };
    }),
  };
}
