import { differingSettings, type ResultRecord } from '@retinabench/results';

/**
 * Settings that belong to a detector and not to how it is scored: what its card says of input, decoding, score floor and
 * suppression. Two networks differ in them as they differ in weights.
 */
const ofCard = /^(?:input|decoder)\.|^(?:scoreFloor|nmsIou|nmsConvention|suppression)$/;

/** Its own column of the table. */
const ofScale = 'scale';

/** The model of a record: by its hash where it states one, else by its id; undefined: predictions of who knows what. */
export function modelKey({ model }: Pick<ResultRecord, 'model'>): string | undefined {
  return model === undefined ? undefined : (model.sha256 ?? model.id);
}

/** How a digest of a model is shown where an id alone would name two. */
export function modelHash(sha256: string): string {
  return `sha256 ${sha256.slice(0, 8)}`;
}

/**
 * What records must share to stand in one table: kind, images and annotations, and every setting of the protocol but those
 * of the detector itself and the scale.
 */
export function scoringKey({ kind, protocol, dataset }: ResultRecord): string {
  return JSON.stringify([
    kind,
    dataset?.sha256,
    dataset?.images,
    dataset?.split,
    sharedSettings(protocol, (name) => name !== ofScale && !ofCard.test(name)),
  ]);
}

/** Settings of a protocol by name, sorted, without its id. */
export function sharedSettings(
  protocol: ResultRecord['protocol'],
  keep: (name: string) => boolean,
): [string, ResultRecord['protocol'][string]][] {
  return Object.entries(protocol)
    .filter(([name]) => name !== 'id' && keep(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a setting is what the card of a network says of it. */
export function isOfCard(setting: string): boolean {
  return ofCard.test(setting);
}

/**
 * In what two records of one table differ beside what the rows are: settings of a card between runs of one network. Their
 * difference is one of protocol.
 */
export function differsBeside(baseline: ResultRecord, record: ResultRecord): string[] {
  const isOneModel = modelKey(baseline) === modelKey(record);
  return differingSettings(baseline, record).filter((name) => name !== ofScale && (isOneModel || !ofCard.test(name)));
}
