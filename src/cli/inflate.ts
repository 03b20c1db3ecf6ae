import { inflateRawSync } from "node:zlib";

import type { Inflate } from "../facts/osv-import.ts";

/** Undoes `deflate` for archives of advisories; apart from the command, as node:zlib takes its time to load. */
export const inflate: Inflate = (data, bytesMax) => {
  try {
    return inflateRawSync(data, { maxOutputLength: bytesMax });
  } catch {
    return undefined; // Damaged, or larger than allowed: both are said by the caller.
  }
};
