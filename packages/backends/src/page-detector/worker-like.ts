/** The part of a `Worker` that is used. */
export interface WorkerLike {
  addEventListener(kind: string, listener: (event: object) => void): void;
  postMessage(message: unknown, transfer: object[]): void;
}
