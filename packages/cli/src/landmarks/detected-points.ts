/** Which points of a run are taken: the detector's five, or those of the mesh of its dense head. */
export const detectedPoints = ['five', 'mesh'] as const;
