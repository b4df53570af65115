// A lock between processes, as a file. Not here: what is locked (file-store.ts).
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two looks at the lock of another. */
const look = 100;

/** Milliseconds between two signs of life of an owner. */
const beat = 1000;

/** After so many looks without a sign of life, five seconds, the owner counts as dead. */
const patience = 50;

/**
 * Runs `work` while no other process or call runs work with this file. The owner touches its file again and again. A lock
 * that is not touched is removed: its process has ended without doing so. Waiting for a change needs no common clock and no
 * process ids, so it holds for containers and machines that share a folder, and after sleep. @internal
 */
export async function locked<T>(
  path: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const owner = randomUUID();
  await acquire(path, owner, signal);
  const touch = () => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  };
  const beats = setInterval(touch, beat);
  beats.unref();
  try {
    return await work();
  } finally {
    clearInterval(beats);
    release(path, owner);
  }
}

/** In one go, so that a program may end the process as soon as its work has ended. */
function release(path: string, owner: string): void {
  try {
    // A process that slept may have lost the lock to another.
    if (readFileSync(path, "utf8") === owner) rmSync(path, { force: true });
  } catch {
    // Another has it, or will remove it.
  }
}

async function acquire(path: string, owner: string, signal?: AbortSignal): Promise<void> {
  let seen: string | null = null;
  let looks = 0;
  while (!(await create(path, owner))) {
    const now = await signOfLife(path);
    looks = now === seen ? looks + 1 : 0;
    seen = now;
    if (looks >= patience) {
      looks = 0;
      // Of several that wait, one removes the file, and only the one that was seen.
      await locked(`${path}.break`, async () => {
        if ((await signOfLife(path)) === now) await removeFile(path);
      });
    }
    await wait(look, undefined, { signal }).catch(() => {});
    signal?.throwIfAborted();
  }
}

/** Makes a file that is not there; `false` if it is. */
async function create(path: string, content: string): Promise<boolean> {
  const file = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return null;
    throw error;
  });
  if (file === null) return false;
  try {
    await file.writeFile(content);
  } catch (error) {
    await removeFile(path);
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/** Changes with each touch of a file, and with each new file. */
async function signOfLife(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found && `${found.ino} ${found.mtimeMs}`;
}

const removeFile = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {});
