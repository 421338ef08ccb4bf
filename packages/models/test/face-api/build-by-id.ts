import { embeddedModels, type ImportedModel } from '../../src/index.js';
import { buildInstalled } from '../../src/node.js';

/** The embedded model `id`, built from the package installed here. */
export async function buildById(id: string): Promise<ImportedModel> {
  const model = embeddedModels.find(({ card }) => card.id === id);
  if (model === undefined) throw new Error(`no embedded model ${id}`);
  return buildInstalled(model);
}
