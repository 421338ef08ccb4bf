export * from './node/card-digest.js';
export * from './node/embedded.js';
export * from './node/folders.js';
export * from './node/known-models.js';
export * from './node/load-card.js';
export * from './node/read-onnx-file.js';
export * from './node/resolve-model.js';
export * from './node/save-model.js';
