/** The part of a `Worker` that is used. */
export interface WorkerLike {
  addEventListener(kind: 'message' | 'error' | 'messageerror', listener: (event: never) => void): void;
  postMessage(message: unknown, transfer: never[]): void;
}
