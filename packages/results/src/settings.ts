// Constants of flags, without statistics or schemas.
export { splits } from './record/record.js';
export { slowdownLooks } from './stats/sequential-slowdown.js';
