import { objectSchema } from '@retinabench/core/basics';
import { text } from './schema-parts.js';

/** The browser that a backend ran in, and what its page told of itself. */
export interface BrowserEnvironment {
  /** `chromium`, `firefox`, `webkit`. */
  readonly name: string;
  readonly version: string;
  readonly userAgent: string;
  /** Whether the page could share memory between threads. */
  readonly crossOriginIsolated: boolean;
  /** Logical processors that the browser tells. */
  readonly hardwareConcurrency: number;
  /** Smallest step of the page's clock, milliseconds: no time is finer. */
  readonly timerResolutionMs: number;
  /** What stands behind the interface to the GPU that the backend computes on. */
  readonly adapter?: {
    readonly api: 'webgl' | 'webgpu';
    readonly name: string;
    /** It computes on the processor: times say nothing about a GPU. */
    readonly software: boolean;
  };
  /** The browser ran without its sandbox, as Chromium must where the user is root. */
  readonly withoutSandbox?: true;
}

/** `BrowserEnvironment` as JSON Schema. */
export const browserEnvironmentSchema = objectSchema(
  {
    name: text,
    version: text,
    userAgent: text,
    crossOriginIsolated: { type: 'boolean' },
    hardwareConcurrency: { type: 'integer', minimum: 1 },
    timerResolutionMs: { type: 'number', exclusiveMinimum: 0 },
    adapter: objectSchema({
      api: { type: 'string', enum: ['webgl', 'webgpu'] },
      name: text,
      software: { type: 'boolean' },
    }),
    withoutSandbox: { type: 'boolean', const: true },
  },
  ['name', 'version', 'userAgent', 'crossOriginIsolated', 'hardwareConcurrency', 'timerResolutionMs'],
);
