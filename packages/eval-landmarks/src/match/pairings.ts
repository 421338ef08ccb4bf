/**
 * How annotated and predicted faces are brought together. `row`: face i of the one is face i of the other. `image`: the one
 * face of an image. `iou`: by overlap of boxes within an image, as COCO does it.
 */
export type Pairing = 'row' | 'image' | 'iou';

/** Every pairing, for flags. */
export const pairings: readonly Pairing[] = ['row', 'image', 'iou'];
