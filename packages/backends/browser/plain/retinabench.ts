/** The library for pages without a bundler, with LiteRT at hand. */
import { provideLitert } from '@retinabench/backends/browser';

export * from '@retinabench/backends/browser';

provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
