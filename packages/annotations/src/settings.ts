// Constants of the flags of a program that reads annotations, without its readers.
export { annotationFormats, boxForms, boxUnits, cornerRules, predictionFormats } from './reading/reading.js';
