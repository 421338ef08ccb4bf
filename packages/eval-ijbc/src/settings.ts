// What the flags of an IJB-C evaluation are read by, without its readers and kernels.
export { parsePoolingCode, poolingCodes, publishedPooling } from './template/options.js';
export { thresholdRules } from './verify/pick.js';
