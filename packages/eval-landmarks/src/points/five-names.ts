/** The five points as messages name them, in the order of the scheme `five`. */
export const fiveNames = ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'] as const;

/** Words that say no more of a part than its name: the corner of the mouth, the centre of the eye, the tip of the nose. */
const furtherWords: Readonly<Record<string, readonly string[]>> = {
  eye: ['center', 'centre'],
  nose: ['tip'],
  mouth: ['corner'],
};

const sameWords: Readonly<Record<string, string>> = { l: 'left', r: 'right', pupil: 'eye' };

/**
 * Where each of the five points stands among named ones: `left_eye`, `eye-left`, `leftEye`, `mouth_left_corner`, `nose_tip` ...
 *
 * @returns for each of `fiveNames` the index of its name; undefined unless the names are the five, each once.
 */
export function fiveOrder(names: readonly string[]): number[] | undefined {
  if (names.length !== fiveNames.length) return undefined;
  const known = names.map(fiveNameOf);
  const order = fiveNames.map((name) => known.indexOf(name));
  return order.includes(-1) ? undefined : order;
}

function fiveNameOf(name: string): string | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^(left|right|l|r)(?=eye|mouth|pupil)/, '$1 ')
    .replace(/(eye|nose|mouth)(?=cent|tip|corner)/, '$1 ')
    .split(/[\s_.-]+/)
    .map((word) => sameWords[word] ?? word);
  const sides = words.filter((word) => word === 'left' || word === 'right');
  const others = words.filter((word) => word !== 'left' && word !== 'right');
  const part = ['eye', 'nose', 'mouth'].find((known) => others.includes(known));
  if (part === undefined || sides.length !== (part === 'nose' ? 0 : 1)) return undefined;
  if (!others.every((word) => word === part || furtherWords[part].includes(word))) return undefined;
  return [...sides, part].join('-');
}
