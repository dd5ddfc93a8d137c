// Floating point numbers as text: 17 significant digits, as %.17g of C prints them, which is what DICOM tools show for FL and FD.

const digits = 17;
const exactDigits = 60;

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * `d.ddde-x` with 17 digits. JavaScript rounds a tie away from zero, C to the even digit: at a tie, which shows as exactly 18 digits
 * that end with 5, the digit before is taken as it is if it is even.
 */
function roundedToEven(value: number): string {
  const exact = value.toExponential(exactDigits);
  const tail = exact.slice(exact.indexOf('.') + digits, exact.indexOf('e'));
  const last = exact.charCodeAt(exact.indexOf('.') + digits - 1);
  if (!/^50*$/.test(tail) || last % 2 !== 0) return value.toExponential(digits - 1);
  return exact.slice(0, exact.indexOf('.') + digits) + exact.slice(exact.indexOf('e'));
}

/** The mantissa's digits with the point moved by the exponent, which is from -4 to 16. */
function plain(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const all = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${all}`;
  const whole = all.slice(0, exponent + 1);
  const fraction = all.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** `0.10000000149011612`, `1e-05`, `nan`, `-inf`. Integers have no point. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const [mantissa = '', exponentText = '0'] = roundedToEven(value).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < digits) return trimZeros(plain(mantissa, exponent));
  const sign = exponent < 0 ? '-' : '+';
  return `${trimZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
