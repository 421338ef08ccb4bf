/** Numbers of P_cam: location, the point looked at, focal length in image heights. */
export const cameraSize = 7;

/** Numbers of P_ill: point-light location, its colour, ambient colour. */
export const illuminationSize = 9;

/** Size of a rendered image or anchor crop. */
export interface ImageSize {
  readonly widthPx: number;
  readonly heightPx: number;
}
