export * from './card/card.js';
