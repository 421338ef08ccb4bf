/** An image of a task, as the coordinator has it. */
export interface FleetImage {
  /** In the run; each image has its own. */
  readonly name: string;
  readonly file: string;
  /** SHA-256 of the bytes whose result is at hand: if it is still that, nothing is asked of a worker. */
  readonly knownSha256?: string;
  /** Numbers that belong to it. */
  readonly numbers?: readonly number[];
}

/** What the coordinator read of a file. */
export interface FileReading {
  readonly sha256: string;
  readonly stamp?: string;
}

/** What is known of an image when its task is done. */
export interface ImageAnswer {
  readonly reading: FileReading;
  /** The worker's, not yet checked; absent where the bytes are those of `knownSha256`. */
  readonly answer?: unknown;
}

/** Who did a task. */
export interface AnsweredBy {
  readonly worker: string;
  /** In what that machine differs from what the run asks for; absent: in nothing. */
  readonly differs?: readonly string[];
}

/** How tasks of a kind travel, and how their results come back. */
export interface FleetCodec<Task, Result> {
  imagesOf(task: Task): readonly FleetImage[];
  /**
   * The result of a task, as its own worker process would give it.
   *
   * @throws {DatasetError} if an answer is not one.
   */
  resultOf(task: Task, answers: readonly ImageAnswer[], by: AnsweredBy | undefined): Result;
  /**
   * Read a file for its hash.
   *
   * @throws the error that a worker process would give.
   */
  read(file: string): Promise<FileReading>;
}
