import { ModelError } from '@retinabench/core';
import { countMultiplyAdds, readOnnx } from '@retinabench/models';
import { type KnownModel, type ModelFolders, resolveModel } from '@retinabench/models/node';

/** Height and width at which multiply-adds are stated, where a network takes any size: VGA, as most publications do. */
const countedSizePx = { heightPx: 480, widthPx: 640 } as const;

/** What only the finished file of a model says. */
export interface ModelCosts {
  readonly parameters: number;
  readonly sha256: string;
  readonly bytes: number;
  /** At VGA, or at the network's own size; absent for networks with operators that the graph writer does not use. */
  readonly multiplyAdds?: number;
}

/**
 * Build or load a model and count what it costs.
 *
 * @returns undefined if the model is not here.
 */
export async function costsOf(model: KnownModel, folders: ModelFolders): Promise<ModelCosts | undefined> {
  if (model.state === 'absent') return undefined;
  const { bytes, card, onnxPath } = await resolveModel(model.id, folders);
  const { size } = card.input;
  const { heightPx, widthPx } = size.rule === 'fixed' ? size : countedSizePx;
  const known = { parameters: card.parameters, sha256: card.sha256, bytes: bytes.length };
  try {
    const { total } = countMultiplyAdds(readOnnx(bytes, onnxPath), [1, 3, heightPx, widthPx]);
    return { ...known, multiplyAdds: total };
  } catch (error) {
    if (error instanceof ModelError) return known;
    throw error;
  }
}
