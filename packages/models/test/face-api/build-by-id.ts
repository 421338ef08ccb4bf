import type { ImportedModel } from '../../src/index.js';
import { buildInstalled } from '../../src/node/embedded.js';
import { embeddedModels } from '../../src/zoo/embedded-models.js';

/** The embedded model `id`, built from the package installed here. */
export async function buildById(id: string): Promise<ImportedModel> {
  const model = embeddedModels.find(({ card }) => card.id === id);
  if (model === undefined) throw new Error(`no embedded model ${id}`);
  return buildInstalled(model);
}
