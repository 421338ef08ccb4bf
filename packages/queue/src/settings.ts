/** Constants that flags are read by; nothing here loads a library. */
export { conditionKinds } from './messages/condition-kinds.js';
export { leastLockMs, mostLockMs, mostSlots } from './messages/limits.js';
