// The thread that moves the write-ahead log into the database, with a connection of its own, so that only it waits for the
// disk. It answers `move` and `truncate` with true where the whole log is in the database, false where some is left, or a message that
// says why not.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { indexUrl } from './files.ts';

const cacheKibibytes = 500;

function connect(folder: string): DatabaseSync {
  const made = new DatabaseSync(indexUrl(folder));
  made.exec(`PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKibibytes}; PRAGMA wal_autocheckpoint = 0`);
  return made;
}

function move(connection: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): boolean | string {
  try {
    const result = connection.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
    return result !== undefined && result.busy === 0 && result.log === result.checkpointed;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

if (parentPort && typeof workerData === 'string') {
  const port = parentPort;
  const connection = connect(workerData);
  port.on('message', (question) => {
    if (question === 'move') return port.postMessage(move(connection, 'PASSIVE'));
    if (question === 'truncate') return port.postMessage(move(connection, 'TRUNCATE'));
    connection.close();
    port.postMessage(true);
    port.close();
  });
}
