/** A module of one function that uses an instruction of relaxed SIMD (i8x16.relaxed_swizzle). */
const probe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
]);

/** Whether WebAssembly has relaxed SIMD here: fused multiply-add among others. */
export function hasRelaxedSimd(): boolean {
  const { WebAssembly: assembly } = globalThis as { WebAssembly?: { validate(bytes: Uint8Array): boolean } };
  return assembly?.validate(probe) ?? false;
}
