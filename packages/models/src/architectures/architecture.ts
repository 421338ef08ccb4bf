import type { ModelCard } from '../card/card.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';

/** A network that the graph writer can build, and what its card says whatever its weights are. */
export interface Architecture {
  /** The card without what only the finished file can say. */
  readonly card: Omit<ModelCard, 'schemaVersion' | 'sha256' | 'parameters'>;
  /** @throws {ModelError} if the weights are not this architecture's. */
  build(source: WeightSource): OnnxModel;
}
