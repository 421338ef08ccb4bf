// Constants of the flags of an evaluation, without its metrics.
export { binnings } from './calibration/bin-edges.js';
export { scoreMapKinds } from './calibration/score-map-kinds.js';
export { metrics } from './evaluate/metric.js';
export { defaultFaceSettings, treatments } from './faces/treatment.js';
export { parseWanted } from './thresholds/find-threshold.js';
export { tideRules, usualTideSettings } from './tide/tide-settings.js';
