import type { RemoteFile } from '../download/remote-file.js';
import type { UnpackRule } from '../unpack/rules.js';
import type { ArchiveFormat } from '../unpack/unpack.js';

/** The terms of a data set. */
export interface Licence {
  readonly name: string;
  readonly url: string;
  /** What matters of it, in a sentence. */
  readonly summary: string;
}

/** A file of a data set: an archive with its rules, or a plain file with its place. */
export interface ManifestFile extends RemoteFile {
  readonly unpack?: {
    readonly format: ArchiveFormat;
    readonly rules: readonly UnpackRule[];
    /** What the archive may unpack to at most. */
    readonly largestBytes: number;
    readonly largestEntries: number;
  };
  /** Below the root. */
  readonly place?: string;
}

/** A part of a data set that users receive on application. */
export interface ArrangedPart {
  /** Where it may lie in the user's folder, in the order tried. */
  readonly from: readonly string[];
  /** Where it goes below the root. */
  readonly to: string;
  /** `folder` is linked and its files are counted; `lines` is a text that is copied and its lines are counted. */
  readonly kind: 'folder' | 'lines';
  readonly count: number;
}

/** Everything there is to know about a data set that can be pulled (docs/add-a-data-set.md). */
export interface Manifest {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly homepage: string;
  readonly licence: Licence;
  readonly files: readonly ManifestFile[];
  /** Disk space that the finished data set takes, about. */
  readonly unpackedBytes: number;
  /** Files computed from the others: LFW's pairs in IJB-C's formats. */
  readonly derive?: 'lfw-pairs';
  /** Of a data set that is available on application only. */
  readonly gate?: { readonly steps: readonly string[]; readonly arrange: readonly ArrangedPart[] };
  /** What a complete root holds. */
  readonly expected: {
    readonly imageFolder: string;
    readonly images: number;
    readonly files: readonly string[];
  };
}
