/** What came in answer to a read, in the terms of `ByteStream.read`. */
export type Incoming = Uint8Array | "end" | "reset" | "silence";

/**
 * How long a read is worth waiting for: `answer` where a peer that lives must speak, `grace` where a
 * peer may well stay silent and only a word of it would tell something.
 */
export type Patience = "answer" | "grace";

/** One thing a conversation asks of whoever holds the connection. A write is resumed with anything. */
export type Step =
  | { readonly do: "write"; readonly bytes: Uint8Array }
  | { readonly do: "read"; readonly patience: Patience };

/**
 * A conversation without I/O: it yields its steps and is resumed with what came.
 *
 * The holder of a connection runs it (`facts/tls/probe-stream.ts`); a test plays the peer by hand.
 */
export type Flow<T> = Generator<Step, T, Incoming>;
