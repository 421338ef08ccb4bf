/** What the fixes of a diagnosis say of things that verbs call differently. */
export interface DiagnosisWords {
  /** The flag that names the folder of the images: `--data DIR`. */
  readonly imagesFlag: string;
  /** How images without detections are left out: `--images FILE evaluates the others alone`. */
  readonly leaveOut: string;
  /** How scores that are missing are given. */
  readonly writeScores: string;
}

/** The words for prediction files of WIDER FACE. */
export const widerWords: DiagnosisWords = {
  imagesFlag: '--data DIR',
  leaveOut: '--images FILE evaluates the others alone',
  writeScores: 'write the score of each detection as the fifth number of its line',
};
