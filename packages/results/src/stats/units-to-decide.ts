/** Standard errors between no loss and one that a two-sided test at 5 % finds 4 times in 5: 1.960 + 0.842. */
const standardErrors = 2.802;

/**
 * The smallest loss that a comparison tells from none: one that is found 4 times in 5 at 95 %.
 *
 * @param standardError of the difference.
 * @param unseen what units that were not drawn may lose, per unit of ln(1 / alpha); 0 by default.
 * @returns in the unit of the standard error.
 */
export function tellableLoss(standardError: number, unseen = 0): number {
  return standardErrors * standardError + Math.log(1 / 0.05) * unseen;
}

/**
 * About how many units (images, subjects) like those of a comparison would decide whether more than the largest allowed loss
 * is lost: would tell what was seen from that loss or, where it was seen, that loss from none. The spread of a mean shrinks
 * with the root of their number.
 *
 * @param seen    `difference` that was seen (negative is a loss), `count` of units compared, and `tells`, the smallest loss
 *                that they tell from none (`tellableLoss`).
 * @param allowed largest allowed loss, at least 0.
 * @returns at least `count` + 1, rounded up to two digits; undefined where no number would: nothing is allowed and no
 * difference seen, or what was seen is as good as the largest allowed loss.
 */
export function unitsToDecide(
  seen: { readonly difference: number; readonly count: number; readonly tells: number },
  allowed: number,
): number | undefined {
  const { difference, count, tells } = seen;
  const off = Math.abs(difference + allowed);
  const apart = tells > allowed ? Math.max(allowed, off) : off;
  const needed = count * (tells / apart) ** 2;
  if (!Number.isFinite(needed) || needed > 1e7) return undefined;
  return Math.max(count + 1, roundUp(needed));
}

/** A number above 0 rounded up to two digits: 1,084 is 1,100. */
export function roundUp(number: number): number {
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(number)) - 1);
  return Math.ceil(number / digits) * digits;
}
