/** The step to which scores are rounded. */
const scoreStep = 1e-6;

/** Hashes of what became of the detections of each image, taken in matching by matching. */
export class ImageDigests {
  readonly #hashes: Uint32Array;

  /** @param images number of images. */
  constructor(images: number) {
    this.#hashes = new Uint32Array(images).fill(0x811c_9dc5);
  }

  /**
   * Take in one matching: scores, to six decimals, and outcomes of the detections of each image, best first.
   *
   * @param image    Int32Array [detections] by rank.
   * @param outcomes Uint8Array [detections] by rank.
   * Cost: O(detections).
   * Source: the mixing of MurmurHash3, 32 bits.
   */
  add(image: Int32Array, scores: Float64Array, outcomes: Uint8Array): void {
    const hashes = this.#hashes;
    for (let rank = 0; rank < outcomes.length; rank++) {
      let word = Math.imul((Math.round(scores[rank] / scoreStep) | 0) * 3 + outcomes[rank], 0xcc9e_2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b87_3593);
      const mixed = hashes[image[rank]] ^ word;
      hashes[image[rank]] = Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe654_6b64;
    }
  }

  /** Eight hex digits for each image. */
  result(): string[] {
    return Array.from(this.#hashes, (hash) => hash.toString(16).padStart(8, '0'));
  }
}
