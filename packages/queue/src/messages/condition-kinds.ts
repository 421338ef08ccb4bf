/** In what a worker may be allowed to differ from what a run asks for. */
export const conditionKinds = ['code', 'runtime', 'device', 'cpu'] as const;

/** One of them. */
export type ConditionKind = (typeof conditionKinds)[number];
