/** Whether the number of a rule's key is a share, whose differences are points: `ap.hard` is, `landmarks.errorPx` is not. */
export function isShare(key: string): boolean {
  return /^(ap|tar|rank|tpir|detection|landmarks|folds|tide|calibration)\.(?!errorPx)/.test(key);
}
