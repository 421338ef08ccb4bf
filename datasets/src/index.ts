export * from './cache.js';
export * from './mini/annotation.js';
export * from './mini/ensure.js';
export * from './mini/truth.js';
export * from './resolve.js';
export * from './wider/digest.js';
export * from './wider/list.js';
