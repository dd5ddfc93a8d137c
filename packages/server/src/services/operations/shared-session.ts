// One association to a modality that the operations of one job share, kept open for a while after the last of them.
import type { ModalityNetwork, OutgoingInstance, RemoteModality, StoreSession } from '../../ports/index.ts';

export interface SharedSession {
  /** As `StoreSession.store`; one call after the other. */
  store(remote: RemoteModality, instance: OutgoingInstance, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** @param delay milliseconds that the association stays open */
export function createSharedSession(network: Pick<ModalityNetwork, 'openStore'>, delay: number): SharedSession {
  let current: { readonly name: string; readonly session: StoreSession } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const close = async (): Promise<void> => {
    clearTimeout(timer);
    const closing = current?.session;
    current = undefined;
    await closing?.close();
  };

  const sessionTo = async (remote: RemoteModality): Promise<StoreSession> => {
    const name = JSON.stringify(remote);
    if (current?.name !== name) await close();
    current ??= { name, session: network.openStore(remote) };
    return current.session;
  };

  return {
    close,
    async store(remote, instance, signal) {
      clearTimeout(timer);
      const session = await sessionTo(remote);
      const abort = (): void => session.abort();
      signal.addEventListener('abort', abort);
      try {
        await session.store(instance);
      } catch (error) {
        await close();
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
      timer = setTimeout(() => void close(), delay);
      timer.unref();
    },
  };
}
