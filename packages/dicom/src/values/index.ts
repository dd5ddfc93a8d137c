export { encodeValue, padToEven, type Scalar } from './init-value.ts';
export { numberTexts, readBigIntegers, readDecimal, readNumbers, readTags, swapWords } from './numbers.ts';
export { formatSignificant } from './significant-digits.ts';
export { readText, withoutSpacesAround, withoutSpacesBehind } from './text.ts';
export { ValueError } from './value-error.ts';
