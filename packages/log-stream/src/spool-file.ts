import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes put aside on disk, first in, first out, in a file that never grows beyond its bound. */
export interface SpoolFile {
  /** How many bytes wait. */
  unread(): number;
  /** Whether so many more fit. */
  fits(bytes: number): boolean;
  /** Throws when the disk does; then nothing of `bytes` is kept. */
  append(bytes: Uint8Array): Promise<void>;
  /** The next bytes, at least one; only while some wait. */
  take(): Promise<Uint8Array>;
  close(): Promise<void>;
}

const takeBytes = 256 * 1024;

/**
 * Opens one in a private folder. The file has no name any more when this returns, so that nothing stays on
 * the disk however the process ends.
 * @param folder absent: the system's folder for temporary files
 */
export async function openSpoolFile(
  maxBytes: number,
  folder: string = tmpdir(),
): Promise<SpoolFile> {
  const file = await openNameless(folder);
  /** Ever written and ever taken; the place in the file is the remainder by `maxBytes`. */
  let written = 0;
  let taken = 0;
  return {
    unread: () => written - taken,
    fits: (bytes) => written - taken + bytes <= maxBytes,
    async append(bytes) {
      await writeRound(file, bytes, written % maxBytes, maxBytes);
      written += bytes.length;
    },
    async take() {
      const at = taken % maxBytes;
      const bytes = Buffer.allocUnsafe(Math.min(takeBytes, written - taken, maxBytes - at));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) throw new Error("the temporary file has lost what was put aside in it");
      taken += bytesRead;
      return bytes.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

async function openNameless(folder: string): Promise<FileHandle> {
  const own = await mkdtemp(join(folder, "log-stream-"));
  try {
    return await open(join(own, "spool"), "wx+", 0o600);
  } finally {
    await rm(own, { recursive: true });
  }
}

async function writeRound(
  file: FileHandle,
  bytes: Uint8Array,
  from: number,
  maxBytes: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const at = (from + done) % maxBytes;
    const length = Math.min(bytes.length - done, maxBytes - at);
    const { bytesWritten } = await file.write(bytes, done, length, at);
    done += bytesWritten;
  }
}
