/** True if nothing has changed, on either side, since the stamp was kept. */
export declare function isFresh(stamp: string, inputs: readonly string[], outputs: readonly string[]): boolean;
/** Note the present state of inputs and outputs in a file. */
export declare function keepStamp(stamp: string, inputs: readonly string[], outputs: readonly string[]): void;
