import { absent, HostError, known, type Reading, unknown } from "../core/reading.ts";

/**
 * Runs one read as a reading: what is not there is `absent`, what may not be read is `unknown`.
 * So one file that cannot be read does not cost the others. An abort is passed on.
 */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === "timed-out" || error.code === "interrupted") throw error;
    if (error.reason === "ENOENT" || error.reason === "ENOTDIR") return absent(error.message);
    return unknown(error.code, error.message);
  }
}
