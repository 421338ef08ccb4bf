import { provideLitert, serveDetector } from '@retinabench/backends/browser';

// LiteRT is an optional package, so that the page says where it is; it is loaded when it is chosen.
provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
serveDetector();
