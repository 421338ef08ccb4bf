/** A source of uniform numbers in [0, 1), such as seededRandom gives. */
export type Random = () => number;
