/** Mean of red, green and blue that the landmark and recognition networks subtract, in grey levels. */
export const faceMean = [122.782, 117.001, 104.298] as const;
