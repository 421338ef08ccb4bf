/** Constructors whose memory lies outside the JavaScript heap, by name. */
const constructors = [
  'ArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

type BufferConstructor = (new (
  ...args: unknown[]
) => ArrayBufferLike | ArrayBufferView) & {
  readonly BYTES_PER_ELEMENT?: number;
};

/** Refuses a request above this outright: what is being tested should have refused it. */
const largestRequestBytes = 2 ** 30;

/**
 * Count the bytes of typed arrays and array buffers that code asks for by length, while the counter is on: exactly, and
 * whatever the garbage collector does. Copies made by methods (`slice`, `map`) are not counted; their source was.
 */
export class AllocationCounter {
  /** Bytes asked for since `start`. */
  bytes = 0;
  private readonly originals = new Map<string, unknown>();

  /** Begin to count, from zero. */
  start(): void {
    this.bytes = 0;
    const globals = globalThis as unknown as Record<string, BufferConstructor>;
    for (const name of constructors) {
      const original = globals[name];
      this.originals.set(name, original);
      globals[name] = new Proxy(original, {
        construct: (target, args, newTarget): object => {
          this.count(requestedBytes(args[0], target.BYTES_PER_ELEMENT ?? 1));
          return Reflect.construct(target, args, newTarget);
        },
      });
    }
  }

  /** Put the constructors back; safe to call twice. */
  stop(): void {
    for (const [name, original] of this.originals) (globalThis as unknown as Record<string, unknown>)[name] = original;
    this.originals.clear();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    if (bytes > largestRequestBytes) throw new Error(`${bytes} bytes were asked for at once`);
  }
}

/** A view of a buffer that is there asks for nothing. */
function requestedBytes(first: unknown, elementBytes: number): number {
  if (typeof first === 'number') return first * elementBytes;
  if (typeof first !== 'object' || first === null || first instanceof ArrayBuffer) return 0;
  const { length } = first as { length?: number };
  return (length ?? 0) * elementBytes;
}
