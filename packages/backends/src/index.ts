export * from './backend/backend.js';
export * from './detector/detections.js';
export * from './image/image.js';
