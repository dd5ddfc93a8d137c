// What goes wrong, in words for those who read it and in members for those who decide by it.
import type { Job } from './shapes.ts';

interface FailureFacts {
  /** Status of the answer; undefined where there was none. */
  readonly status?: number;
  /** Orthanc's `Message`. */
  readonly orthancMessage?: string;
  /** Orthanc's `Details`. */
  readonly details?: string;
  /** Orthanc's number of the error. */
  readonly orthancStatus?: number;
  readonly cause?: unknown;
}

/** A request that failed: the server refused it, or could not be reached. */
export class PharosClientError extends Error implements FailureFacts {
  override readonly name = 'PharosClientError';
  readonly status: number | undefined;
  readonly orthancMessage: string | undefined;
  readonly details: string | undefined;
  readonly orthancStatus: number | undefined;

  constructor(message: string, facts: FailureFacts = {}) {
    super(message, { cause: facts.cause });
    this.status = facts.status;
    this.orthancMessage = facts.orthancMessage;
    this.details = facts.details;
    this.orthancStatus = facts.orthancStatus;
  }
}

/** A job that ended as a failure. */
export class PharosJobError extends Error {
  override readonly name = 'PharosJobError';
  readonly job: Job;

  constructor(job: Job) {
    const details = job.ErrorDetails ? `: ${job.ErrorDetails}` : '';
    super(`Job ${job.ID} (${job.Type}) failed: ${job.ErrorDescription}${details}`);
    this.job = job;
  }
}

/** The members of Orthanc's description of an error; without them where the body is something else. */
function described(body: string): Pick<FailureFacts, 'orthancMessage' | 'details' | 'orthancStatus'> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return {};
    const text = (name: string) => {
      const member: unknown = Reflect.get(value, name);
      return typeof member === 'string' && member !== '' ? member : undefined;
    };
    const number: unknown = Reflect.get(value, 'OrthancStatus');
    return {
      orthancMessage: text('Message'),
      details: text('Details'),
      orthancStatus: typeof number === 'number' ? number : undefined,
    };
  } catch {
    return {};
  }
}

/** The error that an answer tells. @param request method and URL */
export async function refusal(request: string, response: Response): Promise<PharosClientError> {
  const facts = described(await response.text().catch(() => ''));
  const words = [facts.orthancMessage, facts.details].filter((word) => word !== undefined).join(': ');
  const status = `${response.status} ${response.statusText}`.trim();
  return new PharosClientError(`${request}: ${status}${words && `: ${words}`}`, { ...facts, status: response.status });
}

/** What a failed connection has to say: the deepest cause that has words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.message || code || error.name;
}

/** The error of a request that got no answer. */
export function unreachable(request: string, cause: unknown): PharosClientError {
  return new PharosClientError(`${request}: no answer: ${reasonOf(cause)}`, { cause });
}
