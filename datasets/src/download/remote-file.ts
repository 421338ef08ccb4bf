/** A file to download. */
export interface RemoteFile {
  /** A plain file name; also what mirrors call it. */
  readonly name: string;
  /** `http:`, `https:` or `file:` URLs, best first. */
  readonly urls: readonly string[];
  readonly sizeBytes?: number;
  /** 64 lower-case hex digits; absent if the file is known by URL alone: then its hash is pinned on first use. */
  readonly sha256?: string;
}
