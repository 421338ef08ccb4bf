/** The part of WebGPU that is watched. */
interface WatchedDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}
interface AdapterPrototype {
  requestDevice(...options: unknown[]): Promise<WatchedDevice>;
}

/** The canvases whose contexts are watched. */
type Canvas = HTMLCanvasElement | OffscreenCanvas;

const contextLost = 'the WebGL context was lost';

/**
 * Sees when a GPU that any runtime of the page computes on is lost: what it then gives is no answer, or none comes. It stands
 * between the page and the browser's interfaces, so that no runtime needs to know of it.
 */
export class DeviceWatch {
  /** What was lost and why; undefined as long as nothing is. */
  lost: string | undefined;
  readonly #contexts: WeakRef<WebGLRenderingContext>[] = [];
  readonly #whenLost: Promise<never>;
  #reject: (error: Error) => void = () => undefined;

  private constructor() {
    this.#whenLost = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#whenLost.catch(() => undefined);
  }

  /** Watch every device and context that the page gets from now on. */
  static install(): DeviceWatch {
    const watch = new DeviceWatch();
    watch.#watchWebGpu();
    watch.#watchWebGl(globalThis.HTMLCanvasElement);
    watch.#watchWebGl(globalThis.OffscreenCanvas);
    return watch;
  }

  /** What `work` gives, unless a device is lost before. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    const done = await Promise.race([work, this.#whenLost]);
    // WebGL reads zeros from a lost context, and tells of the loss later.
    if (this.#contexts.some((context) => context.deref()?.isContextLost())) this.#lose(contextLost);
    if (this.lost !== undefined) throw new Error(this.lost);
    return done;
  }

  #lose(what: string): void {
    this.lost ??= what;
    this.#reject(new Error(what));
  }

  #watchWebGpu(): void {
    const { GPUAdapter } = globalThis as { GPUAdapter?: { readonly prototype: AdapterPrototype } };
    if (GPUAdapter === undefined) return;
    const { requestDevice } = GPUAdapter.prototype;
    const lose = (what: string): void => this.#lose(what);
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options);
      device.lost.then(({ reason, message }) =>
        lose(`the WebGPU device was lost (${reason}${message && `: ${message}`})`),
      );
      return device;
    };
  }

  #watchWebGl(canvasClass: { readonly prototype: Canvas } | undefined): void {
    if (canvasClass === undefined) return;
    const prototype = canvasClass.prototype as {
      getContext(this: Canvas, kind: string, ...options: unknown[]): unknown;
    };
    const { getContext } = prototype;
    const watched = new WeakSet<object>();
    const watch = (canvas: Canvas, context: WebGLRenderingContext): void => {
      if (watched.has(context)) return;
      watched.add(context);
      this.#contexts.push(new WeakRef(context));
      canvas.addEventListener('webglcontextlost', () => this.#lose(contextLost));
    };
    prototype.getContext = function (kind, ...options) {
      const context = getContext.call(this, kind, ...options);
      if (context !== null && kind.startsWith('webgl')) watch(this, context as WebGLRenderingContext);
      return context;
    };
  }
}
