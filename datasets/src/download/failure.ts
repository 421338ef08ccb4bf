/**
 * Why one attempt at a download failed, and what follows: `transient` is tried again, `permanent` rules the URL out,
 * `corrupt` means that wrong bytes came.
 */
export class DownloadFailure extends Error {
  readonly kind: 'transient' | 'permanent' | 'corrupt';
  /** How long the server asks to wait, if it does. */
  readonly retryAfterMs: number;

  constructor(
    kind: DownloadFailure['kind'],
    message: string,
    { retryAfterMs = 0, cause }: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'DownloadFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
