/** Largest id: ids are kept in Int32Arrays. */
export const maxId = 0x7fffffff;

/** `field` as an id, or undefined if it is not a whole number from 0 to 2147483647 in decimal digits. */
export function parseId(field: string | undefined): number | undefined {
  if (field === undefined || !/^\d{1,10}$/.test(field)) return undefined;
  const id = Number(field);
  return id <= maxId ? id : undefined;
}
