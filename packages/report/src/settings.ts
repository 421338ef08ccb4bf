// Constants of the flags of gates, without rules or pages.
export { allowances } from './gate/allowance.js';
