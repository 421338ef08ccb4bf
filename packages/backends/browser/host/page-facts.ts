import type { PageAdapter, PageFacts } from '../../src/browsers/wire/calls.js';

/** The part of WebGPU that tells of its adapter. */
interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<{
    readonly info?: {
      readonly vendor: string;
      readonly architecture: string;
      readonly device: string;
      readonly description: string;
      readonly isFallbackAdapter?: boolean;
    };
  } | null>;
}

/** Names of what computes on the processor. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;

/** How long the clock is watched. */
const watchedMs = 20;

/** What the page says of itself, with the adapter of the interface that is asked for. */
export async function pageFacts(gpu: PageAdapter['api'] | undefined): Promise<PageFacts> {
  const adapter = gpu === 'webgpu' ? await webGpuAdapter() : gpu === 'webgl' ? webGlAdapter() : undefined;
  return {
    userAgent: navigator.userAgent,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
    timerResolutionMs: timerResolution(),
    ...(adapter === undefined ? {} : { adapter }),
  };
}

/** The smallest step of the clock within a short time, rounded to nanoseconds. */
function timerResolution(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let last = performance.now();
  const end = last + watchedMs;
  while (last < end) {
    const now = performance.now();
    if (now > last) smallest = Math.min(smallest, now - last);
    last = now;
  }
  return Math.round(smallest * 1e6) / 1e6;
}

async function webGpuAdapter(): Promise<PageAdapter | undefined> {
  const { gpu } = navigator as { gpu?: Gpu };
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return undefined;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, device, description].filter((part) => part).join(' ') || 'unnamed';
  return { api: 'webgpu', name, software: isFallbackAdapter === true || softwareNames.test(name) };
}

function webGlAdapter(): PageAdapter | undefined {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (context === null) return undefined;
  const unmasked = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  return { api: 'webgl', name, software: softwareNames.test(name) };
}
