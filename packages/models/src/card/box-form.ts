/** The forms that the four values of a box take. */
export const boxForms = {
  corners: ['x1', 'y1', 'x2', 'y2'],
  centre: ['cx', 'cy', 'w', 'h'],
  corner: ['x1', 'y1', 'w', 'h'],
  sides: ['left', 'top', 'right', 'bottom'],
} as const;
export type BoxForm = keyof typeof boxForms;

/**
 * Which form the `values` of a box name, and where in the output each of its four values stands.
 *
 * @returns undefined if they are no permutation of a form.
 */
export function boxForm(values: string): { readonly form: BoxForm; readonly at: readonly number[] } | undefined {
  const tokens = values.trim().split(/\s+/);
  for (const form of Object.keys(boxForms) as BoxForm[]) {
    const at = boxForms[form].map((name) => tokens.indexOf(name));
    if (tokens.length === 4 && at.every((index) => index >= 0)) return { form, at };
  }
  return undefined;
}
