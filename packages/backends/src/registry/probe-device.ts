import { loadBackend } from './registry.js';

/** A program of its own: whether a device loads, as JSON on standard output. A driver that crashes ends it alone. */
const backend = await loadBackend(`ort-node:${process.argv[2]}`);
const availability = await backend.availability();
const version = availability.available ? await backend.version() : undefined;
process.stdout.write(`${JSON.stringify({ availability, version })}\n`);
