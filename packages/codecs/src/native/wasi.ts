// What the module of native codecs asks of its surroundings: nothing of the system, and a way to say that it failed.
import { CodecError } from '../frame/index.ts';

const success = 0;
const badFileDescriptor = 8;

/** @param memory the module's, once there is one */
export function nativeImports(memory: () => WebAssembly.Memory): WebAssembly.Imports {
  const view = (): DataView => new DataView(memory().buffer);
  return {
    wasi_snapshot_preview1: {
      environ_get: () => success,
      environ_sizes_get(count: number, size: number) {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return success;
      },
      proc_exit() {
        throw new CodecError('Damaged', 'The image made its decoder fail');
      },
      clock_time_get(_clock: number, _precision: bigint, time: number) {
        view().setBigUint64(time, 0n, true);
        return success;
      },
      fd_write: () => badFileDescriptor,
      fd_seek: () => badFileDescriptor,
      fd_close: () => success,
    },
    env: {
      emscripten_notify_memory_growth: () => undefined,
      onCodecsInfo: () => undefined,
      onCodecsTrace: () => undefined,
      onCodecsException(pointer: number, length: number) {
        const text = Buffer.from(memory().buffer, pointer, length).toString('latin1');
        throw new CodecError('Damaged', `The image cannot be decoded or encoded (${text})`);
      },
    },
  };
}
