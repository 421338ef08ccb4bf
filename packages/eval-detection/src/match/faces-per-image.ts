/** Int32Array [images]: the counted faces of each. */
export function facesPerImage(start: Int32Array, counted: Uint8Array): Int32Array {
  const faces = new Int32Array(start.length - 1);
  for (let image = 0; image < faces.length; image++) {
    for (let face = start[image]; face < start[image + 1]; face++) faces[image] += counted[face];
  }
  return faces;
}
