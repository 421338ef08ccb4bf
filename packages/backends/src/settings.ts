// What the flags of detection are read by, without a detector or runtime.

export { deviceNames, versionAndDevice, withDevice } from './backend/device-name.js';
export { resizeKernels } from './detector/resize-kernels.js';
export { parseScaleRule } from './detector/scale-rule.js';
export { apTolerance, unmatchedShare } from './parity/parity-limits.js';
export { parsePerturbation } from './perturb/perturbation.js';
