// What the flags of a WIDER FACE evaluation are read by, without its readers and rules.
export { defaultAtScore } from './evaluate/default-at-score.js';
export { formatBoxFrame, parseBoxFrame } from './predictions/box-frame.js';
export { boxLayouts } from './predictions/box-layout.js';
export { mirroredAxes, scoreFormats } from './predictions/convert.js';
export { headerLines } from './predictions/header.js';
export { parseFileShift } from './predictions/shift-files.js';
export { ruleSets } from './score/rule-sets.js';
