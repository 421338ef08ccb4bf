/** How often coordinators and workers say that they are alive, in milliseconds. */
export const beatMs = 5000;

/** How long one may be silent before it is taken for gone. */
export const silentMs = 4 * beatMs;

/** Lock of a unit unless the user says otherwise, and the least that a user may say. */
export const leastLockMs = 60_000;

/** Times that a unit, or an image alone, may be taken from a silent worker; once more, and it is not given out again. */
export const mostStalls = 2;
