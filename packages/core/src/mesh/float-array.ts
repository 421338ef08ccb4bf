/**
 * Storage of the mesh, the decoder and the renderer: float32 in use, float64 where a derivative is checked by central
 * differences. One call uses one of the two throughout; arithmetic is float64 inside either way.
 */
export type FloatArray = Float32Array | Float64Array;

/** A zeroed array of `length` numbers with the precision of `like`. */
export function floatsLike(like: FloatArray, length: number): FloatArray {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}
