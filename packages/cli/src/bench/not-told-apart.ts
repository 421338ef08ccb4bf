/** What stands in the place of a rank: how many others of the table a configuration cannot be told apart from. */
export function notToldApart(others: number): string {
  return `not told apart from ${others} ${others === 1 ? 'other' : 'others'}`;
}
