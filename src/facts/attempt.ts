import { absent, HostError, known, type Reading, unknown } from "../core/reading.ts";

/** What ends the whole fact, not one read of it. */
const ENDING = ["timed-out", "interrupted"] as const;

/**
 * Runs one read as a reading: what is not there is `absent`, what may not be read is `unknown`.
 * So one file that cannot be read does not cost the others. An abort is passed on; `bearable`
 * names what of it is this one read's own.
 */
export async function attempt<T>(
  read: () => Promise<T>,
  bearable: readonly (typeof ENDING)[number][] = [],
): Promise<Reading<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const { code } = error;
    if (ENDING.some((each) => each === code && !bearable.includes(each))) throw error;
    if (error.reason === "ENOENT" || error.reason === "ENOTDIR") return absent(error.message);
    return unknown(code, error.message);
  }
}
