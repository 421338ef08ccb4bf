// Constants of flags, without statistics or schemas.
export { splits } from './record/split.js';
export { slowdownLooks } from './stats/sequential-slowdown.js';
