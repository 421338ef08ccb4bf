/** Work over worker processes and its log, without runtimes, detectors or image decoding. */
export * from './append-log.js';
export * from './lock.js';
export * from './make-folder.js';
export * from './pool.js';
export * from './process-identity.js';
export * from './replace-file.js';
export * from './worker.js';
