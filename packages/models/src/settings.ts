// The models that flags name, without the catalogue.
export { architectureIds, fetchedModelIds } from './zoo/model-ids.js';
export { defaultModelId } from './zoo/own-models.js';
