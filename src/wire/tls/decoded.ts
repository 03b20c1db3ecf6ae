/**
 * What a decoder makes of bytes. Decoders never throw: what a peer sends is hostile.
 *
 * `message` says in a sentence fragment what is wrong and never quotes the bytes.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** A failed decoding. */
export function malformed(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
