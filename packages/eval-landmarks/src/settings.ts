// Constants of the flags of a landmark evaluation, without its metrics.
export { normalisers } from './error/normaliser.js';
export { landmarkFormats } from './formats/recognise.js';
export { pairings } from './match/pairings.js';
export { yawBins } from './summary/bins.js';
