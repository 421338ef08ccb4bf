// Overlaps of boxes and their suppression, for programs that score detections.
export { boxIou, type IouConvention } from './box/iou.js';
export { type NmsOptions, nms } from './box/nms.js';
