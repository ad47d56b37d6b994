/** A java.math.BigDecimal: `digits` × 10^-`scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const WRITTEN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/;
/** Longer numbers are refused: they would take for ever to compare. */
const MAX_DIGITS = 10_000;

/** Undefined for what BigDecimal does not take. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = WRITTEN.exec(text);
  if (match === null || text.length > MAX_DIGITS) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length - Number(exponent) };
}

export function compareDecimals(left: Decimal, right: Decimal): number {
  const signs = signOf(left) - signOf(right);
  if (signs !== 0 || left.digits === 0n) return Math.sign(signs);
  const sizes = sizeOf(left) - sizeOf(right);
  if (sizes !== 0) return Math.sign(sizes) * signOf(left);
  const scale = Math.max(left.scale, right.scale);
  const difference =
    left.digits * 10n ** BigInt(scale - left.scale) - right.digits * 10n ** BigInt(scale - right.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const signOf = ({ digits }: Decimal): number => (digits < 0n ? -1 : digits > 0n ? 1 : 0);
const plain = (digits: bigint): string => String(digits < 0n ? -digits : digits);

/** The power of ten of its first digit. */
const sizeOf = ({ digits, scale }: Decimal): number => plain(digits).length - 1 - scale;

/** `BigDecimal.toString`. */
export function decimalToString({ digits, scale }: Decimal): string {
  const written = plain(digits);
  const sign = digits < 0n ? '-' : '';
  const exponent = written.length - 1 - scale;
  if (scale === 0) return sign + written;
  if (scale < 0 || exponent < -6) {
    const mantissa = written.length > 1 ? `${written[0]}.${written.slice(1)}` : written;
    return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`;
  }
  const padded = written.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** `BigDecimal.intValue()`. */
export function decimalToInt({ digits, scale }: Decimal): number {
  if (scale <= -32) return 0;
  const whole = scale > 0 ? digits / 10n ** BigInt(Math.min(scale, MAX_DIGITS)) : digits * 10n ** BigInt(-scale);
  return Number(BigInt.asIntN(32, whole));
}
