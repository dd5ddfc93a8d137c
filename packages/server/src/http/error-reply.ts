// What a client sees of a failure: the status of the error table and, where HttpDescribeErrors is on, Orthanc's JSON body.
import { errorKindOf, PharosError } from '../model/index.ts';
import { challenge } from './authentication.ts';
import { writeErrorJson } from './json-text.ts';
import { bytes, type Headers, type Reply } from './reply.ts';

/** Errors of Node and of libraries that say what they are. */
function translated(error: unknown): unknown {
  if (error instanceof PharosError) return error;
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new PharosError('FullStorage', { details: 'No space left on the device', cause: error });
  }
  if (error instanceof URIError) return new PharosError('BadRequest', { cause: error });
  return error;
}

export interface FailedRequest {
  readonly method: string;
  readonly uri: string;
  readonly error: unknown;
}

/** @param describe HttpDescribeErrors */
export function errorReply({ method, uri, error }: FailedRequest, describe: boolean): Reply {
  const kind = errorKindOf(translated(error));
  const headers: Headers = {
    ...(error instanceof PharosError ? error.headers : {}),
    ...(kind.httpStatus === 401 ? { 'WWW-Authenticate': challenge } : {}),
  };
  const body = describe
    ? writeErrorJson({
        Details: kind.details,
        ErrorPayload: kind.payload && { Content: kind.payload.content, Type: kind.payload.type },
        HttpError: process.getBuiltinModule('node:http').STATUS_CODES[kind.httpStatus] ?? '',
        HttpStatus: kind.httpStatus,
        Message: kind.message,
        Method: method,
        OrthancError: kind.message,
        OrthancStatus: kind.orthancStatus,
        Uri: uri,
      })
    : '';
  return bytes(Buffer.from(body), 'text/plain', headers, kind.httpStatus);
}

/** True for a failure that is the server's, which belongs into the log as an error. */
export function isServerFault(error: unknown): boolean {
  return errorKindOf(translated(error)).code === 'InternalError';
}
