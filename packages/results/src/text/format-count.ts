/**
 * A count with thousands separated by commas, whatever the locale: `7,211`.
 *
 * @param count rounded to a whole number.
 */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
