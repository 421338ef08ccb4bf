/** A mesh whose landmarks lie further from the detected ones, as a share of sqrt(w h) of the box, is doubtful. */
const doubtfulShare = 0.1;

/** Whether a mesh is to be doubted: its landmarks lie elsewhere, or nowhere. */
export function isDoubtful(landmarkErrorShare: number): boolean {
  return !(landmarkErrorShare <= doubtfulShare);
}
