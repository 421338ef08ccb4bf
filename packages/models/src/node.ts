export { cardDigest } from './node/card-digest.js';
export { type DenseModelOptions, denseModel, ownHead } from './node/dense-model.js';
export { cachedModelPath, defaultModelFolders, type ModelFolders } from './node/folders.js';
export { type KnownModel, knownModels } from './node/known-models.js';
export { cardPathOf, type LoadedModel, loadModelCard } from './node/load-card.js';
export { type OnnxFile, readOnnxFile } from './node/read-onnx-file.js';
export { resolveModel, unknownModel } from './node/resolve-model.js';
export { saveModel } from './node/save-model.js';
export { readHeadFile, shippedDenseHead, shippedHeadBases } from './node/shipped-head.js';
