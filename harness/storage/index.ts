export { type TableFile, WriteBehind } from './write-behind.ts';
