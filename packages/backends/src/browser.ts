/** What runs in a browser: the detector and its protocol, without image files, sharp or native runtimes. */
export * from './backend/backend.js';
export * from './backend/network-signature.js';
export * from './detector/detections.js';
export * from './detector/face-detector.js';
export * from './detector/protocol.js';
export * from './detector/scale-rule.js';
export * from './image/image.js';
export * from './parity/compare-detections.js';
export * from './runtimes/browser-backends.js';
