import { defaultModelFolders, knownModels } from '@retinabench/models/node';
import type { PublishedRow } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';

/**
 * The rows that somebody published for the models of some records: of each record, in order. A model is known by its hash
 * where the record and the card state one, else by its id.
 */
export async function publishedRows(
  records: readonly Pick<ResultRecord, 'kind' | 'model'>[],
): Promise<(readonly PublishedRow[])[]> {
  if (!records.some(({ kind }) => kind === 'wider')) return records.map(() => []);
  const models = await knownModels(defaultModelFolders());
  return records.map(({ kind, model }) => {
    if (kind !== 'wider' || model === undefined) return [];
    const known = models.find(
      ({ id, card }) =>
        id === model.id && (model.sha256 === undefined || card.sha256 === undefined || card.sha256 === model.sha256),
    );
    return known?.published ?? [];
  });
}
