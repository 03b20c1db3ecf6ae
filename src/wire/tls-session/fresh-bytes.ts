import { randomBytes } from "node:crypto";

/** Random bytes for ids, tickets and paddings that nobody has seen before. */
export function freshBytes(length: number): Uint8Array {
  return randomBytes(length);
}
