/** How often coordinators and workers say that they are alive, in milliseconds. */
export const beatMs = 5000;

/** How long one may be silent before it is taken for gone. */
export const silentMs = 4 * beatMs;

/** Lock of a unit unless the user says otherwise, and the least that a user may say. */
export const leastLockMs = 60_000;

/** Longest lock of a unit, a day: timers of Node hold no more than 24. */
export const mostLockMs = 86_400_000;

/** Most child processes of a worker. */
export const mostSlots = 1024;

/** Most milliseconds that a message may name, 24 days: timers of Node hold no more. */
export const mostMs = 2 ** 31 - 1;

/** Longest name, path or reason in a message, in characters: names of images are paths, and a system's longest has 4,096. */
export const longestText = 8192;

/** Most images of a unit, and most entries of any other list in a message. */
export const mostEntries = 100_000;

/** Most bytes of a model or an image that is fetched: as many as Node holds in one piece. */
export const mostBlobBytes = 2 ** 32;

/** Times that a unit, or an image alone, may be taken from a silent worker; once more, and it is not given out again. */
export const mostStalls = 2;
