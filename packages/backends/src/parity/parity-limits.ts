/** Share of detections that may lack a partner: a score on the floor, or an overlap on the bound, may fall either way. */
export const unmatchedShare = 0.001;

/** Largest difference of AP that a float32 backend may show. */
export const apTolerance = 0.0005;
