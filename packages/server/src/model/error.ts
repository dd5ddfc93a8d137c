// The one error class of the server and the one table that maps it to what Orthanc's clients see: error number, HTTP status,
// and the DIMSE status of a C-STORE.
import type { Json } from '@pharos/dicom';

interface ErrorKind {
  readonly orthancStatus: number;
  readonly httpStatus: number;
  readonly message: string;
}

const kind = (orthancStatus: number, httpStatus: number, message: string): ErrorKind => ({
  orthancStatus,
  httpStatus,
  message,
});

/** By Orthanc's name of the error. */
export const errorKinds = {
  InternalError: kind(-1, 500, 'Internal error'),
  Plugin: kind(1, 500, 'Error encountered within the plugin engine'),
  NotImplemented: kind(2, 500, 'Not implemented yet'),
  ParameterOutOfRange: kind(3, 400, 'Parameter out of range'),
  NotEnoughMemory: kind(4, 500, 'The server is running low on memory'),
  BadParameterType: kind(5, 400, 'Bad type for a parameter'),
  BadSequenceOfCalls: kind(6, 500, 'Bad sequence of calls'),
  InexistentItem: kind(7, 404, 'Accessing an inexistent item'),
  BadRequest: kind(8, 400, 'Bad request'),
  NetworkProtocol: kind(9, 500, 'Error in the network protocol'),
  /** A peer that was asked to find or move something says that it cannot (0xC000). */
  UnableToProcess: kind(9, 422, 'Error in the network protocol'),
  SystemCommand: kind(10, 500, 'Error while calling a system command'),
  Database: kind(11, 500, 'Error with the database engine'),
  UriSyntax: kind(12, 400, 'Badly formatted URI'),
  InexistentFile: kind(13, 404, 'Inexistent file'),
  CannotWriteFile: kind(14, 500, 'Cannot write to file'),
  BadFileFormat: kind(15, 400, 'Bad file format'),
  Timeout: kind(16, 500, 'Timeout'),
  UnknownResource: kind(17, 404, 'Unknown resource'),
  FullStorage: kind(19, 507, 'The file storage is full'),
  CorruptedFile: kind(20, 500, 'Corrupted file (e.g. inconsistent MD5 hash)'),
  InexistentTag: kind(21, 404, 'Inexistent tag'),
  ReadOnly: kind(22, 500, 'Cannot modify a read-only data structure'),
  BadJson: kind(28, 400, 'Cannot parse a JSON document'),
  IncompatibleImageFormat: kind(23, 500, 'Incompatible format of the images'),
  IncompatibleImageSize: kind(24, 500, 'Incompatible size of the images'),
  UnknownDicomTag: kind(27, 500, 'Unknown DICOM tag'),
  Unauthorized: kind(29, 401, 'Bad credentials were provided to an HTTP request'),
  NotAcceptable: kind(34, 406, 'Cannot send a response which is acceptable according to the Accept HTTP header'),
  DatabaseUnavailable: kind(36, 503, 'The database is currently not available (probably a transient situation)'),
  CanceledJob: kind(37, 500, 'This job was canceled'),
  BadRange: kind(41, 416, 'Bad range request'),
  Revision: kind(43, 409, 'A bad revision number was provided, which might indicate conflict between multiple writers'),
  ForbiddenAccess: kind(45, 403, 'Forbidden access'),
  DuplicateResource: kind(46, 409, 'Duplicate resource'),
  NoSopClassOrInstance: kind(2014, 500, 'The file contains neither a SOP Class UID nor a SOP Instance UID'),
  SopMismatch: kind(15, 400, 'The SOP Class UID or SOP Instance UID of the data set differs from the announced one'),
  NoPresentationContext: kind(
    2015,
    500,
    'DicomAssociation - No presentation context was accepted by the remote server',
  ),
  CannotStoreInstance: kind(2018, 500, 'Cannot store an instance'),
  CreateDicomNotString: kind(2019, 400, 'Only string values are supported when creating DICOM instances'),
  CreateDicomOverrideTag: kind(2020, 400, 'Trying to override a value inherited from a parent module'),
  CreateDicomUseContent: kind(2021, 400, 'Use "Content" to inject an image into a new DICOM instance'),
  CreateDicomNoPayload: kind(2022, 400, 'No payload is present for one instance in the series'),
  CreateDicomUseDataUriScheme: kind(
    2023,
    400,
    'The payload of the DICOM instance must be specified according to Data URI scheme',
  ),
  CreateDicomBadParent: kind(2024, 400, 'Trying to attach a new DICOM instance to an inexistent resource'),
  CreateDicomParentIsInstance: kind(
    2025,
    400,
    'Trying to attach a new DICOM instance to an instance (must be a series, study or patient)',
  ),
  UnknownModality: kind(2027, 500, 'Unknown modality'),
  CannotExecuteLua: kind(2031, 500, 'Cannot execute a Lua command'),
  LuaBadOutput: kind(2033, 500, 'The Lua function does not give the expected number of outputs'),
  NotLuaPredicate: kind(2034, 500, 'The Lua function is not a predicate (only true/false outputs allowed)'),
  LuaReturnsNoString: kind(2035, 500, 'The Lua function does not return a string'),
  CannotOrderSlices: kind(2040, 500, 'Unable to order the slices of the series'),
  UnsupportedMediaType: kind(3000, 415, 'Unsupported media type'),
  BodyTooLarge: kind(8, 413, 'The body of the request is larger than the server accepts'),
  LengthRequired: kind(8, 411, 'The request has no usable Content-Length'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** What a failure says to programs beyond its text. */
export interface ErrorPayload {
  readonly type: string;
  readonly content: Json;
}

/** @param status the final status of a DIMSE command (PS3.7 annex C) */
export function dimsePayload(status: number): ErrorPayload {
  return { type: 'Dimse', content: { DimseErrorStatus: status } };
}

interface ErrorOptions {
  /** What happened, on what, and what to do: shown to the client. Never patient data, never a secret. */
  readonly details?: string;
  readonly cause?: unknown;
  /** Headers that the answer has whether it fails or not, such as an ETag. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: ErrorPayload;
}

/** An expected failure. Anything else that is thrown is an InternalError at the edge. */
export class PharosError extends Error {
  override readonly name = 'PharosError';
  readonly code: ErrorCode;
  readonly details: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: ErrorPayload | undefined;

  constructor(code: ErrorCode, options: ErrorOptions | string = {}) {
    const given: ErrorOptions = typeof options === 'string' ? { details: options } : options;
    const { details, cause, headers = {}, payload } = given;
    super(details ? `${errorKinds[code].message}: ${details}` : errorKinds[code].message, { cause });
    this.code = code;
    this.details = details;
    this.headers = headers;
    this.payload = payload;
  }
}

/** What is known of anything that was thrown. */
export function errorKindOf(
  error: unknown,
): ErrorKind & { readonly code: ErrorCode; readonly details?: string; readonly payload?: ErrorPayload } {
  if (!(error instanceof PharosError)) return { ...errorKinds.InternalError, code: 'InternalError' };
  const { code, details, payload } = error;
  return { ...errorKinds[code], code, details, payload };
}
