import fc from 'fast-check';

/** One change to an input, or in every third case up to four: most defects need one, and one leaves most of the input valid. */
export function oneToFour<Change>(change: fc.Arbitrary<Change>): fc.Arbitrary<Change[]> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(change, { minLength: 2, maxLength: 4 }) },
  );
}
