// Floating point numbers as `%.<digits>g` of C prints them: the exact value rounded, half to even.

/** `0.100000001` for nine digits of a 32-bit 0.1; `1e-05`, `nan`, `inf`. At least two digits. */
export function formatSignificant(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (Number.isInteger(value) && Math.abs(value) < 10 ** Math.min(digits, 15)) return String(value);
  const sign = value < 0 ? '-' : '';
  const [mantissa = '', exponentText = '0'] = roundHalfToEven(Math.abs(value), digits).split('e');
  const exponent = Number(exponentText);
  const figures = mantissa.replace('.', '').replace(/0+$/, '');
  if (exponent < -4 || exponent >= digits) return sign + scientific(figures, exponent);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = figures.slice(exponent + 1);
  return sign + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** toExponential rounds half up: where the rest is exactly a half and the last digit is even, the digits are just cut. */
function roundHalfToEven(value: number, digits: number): string {
  const exact = value.toExponential(digits + 39);
  const cut = digits + 1;
  const isHalf = /^50*e/.test(exact.slice(cut));
  const isEven = Number(exact[cut - 1]) % 2 === 0;
  return isHalf && isEven ? exact.slice(0, cut) + exact.slice(exact.indexOf('e')) : value.toExponential(digits - 1);
}

function scientific(figures: string, exponent: number): string {
  const [first = '0'] = figures;
  const rest = figures.slice(1);
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `${first}${rest === '' ? '' : `.${rest}`}e${power}`;
}

/** FL and FD, with 17 digits, as DICOM tools show them: `0.10000000149011612`. Integers have no point. */
export function formatFloat(value: number): string {
  return formatSignificant(value, 17);
}
