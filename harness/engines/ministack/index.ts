/** MiniStack: another emulator of AWS that can stand behind the endpoint in LocalStack's place. */
export { MINISTACK_VERSION } from './install.ts';
export { nativeMiniStack } from './native.ts';
export { miniStackVersion } from './version.ts';
