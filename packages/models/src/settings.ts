// The model where no flag names one, without the catalogue.
export { defaultModelId } from './zoo/own-models.js';
