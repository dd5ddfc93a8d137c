// How a thread answers: with a value, or with an error whose kind survives the way between threads.
import { CodecError, type CodecErrorCode } from '../frame/index.ts';

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

interface ErrorMessage {
  readonly code: CodecErrorCode;
  readonly message: string;
}

export type AnswerMessage = { readonly value: unknown } | { readonly error: ErrorMessage };

const codes: readonly string[] = ['Damaged', 'Unsupported', 'OverBudget'] satisfies readonly CodecErrorCode[];

const isCode = (code: unknown): code is CodecErrorCode => typeof code === 'string' && codes.includes(code);

/** Of what came from a thread. */
export function readAnswer(message: unknown): Answer {
  if (typeof message !== 'object' || message === null)
    return { ok: false, error: new Error('A thread gave no answer') };
  if ('value' in message) return { ok: true, value: message.value };
  const error = 'error' in message ? message.error : undefined;
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error && isCode(error.code)) {
    return { ok: false, error: new CodecError(error.code, String(error.message)) };
  }
  return { ok: false, error: new Error('A thread gave no answer') };
}

/** What is no CodecError is a fault of the decoder, which only a damaged image should find. */
export function errorMessage(error: unknown): AnswerMessage {
  if (error instanceof CodecError) return { error: { code: error.code, message: error.message } };
  const isRange = error instanceof RangeError;
  return {
    error: isRange
      ? { code: 'OverBudget', message: 'Decoding the image takes more memory than allowed' }
      : { code: 'Damaged', message: 'The image made its decoder fail' },
  };
}
