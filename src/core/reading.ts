/** Why something could not be read. The operator sees `detail`, so it never holds a secret. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
}

export type ProblemCode =
  | "denied"
  | "unreachable"
  | "malformed"
  | "too-large"
  | "timed-out"
  | "interrupted"
  | "not-granted"
  | "not-recorded"
  | "tool-missing"
  | "unsupported"
  | "not-attested"
  | "crashed";

/**
 * What one fact collector learned.
 *
 * `absent` and `unknown` are different answers: a host without nginx is `absent`,
 * a host whose nginx.conf we may not open is `unknown`.
 */
export type Reading<T> =
  | { readonly state: "known"; readonly value: T }
  | { readonly state: "absent"; readonly reason: string }
  | { readonly state: "unknown"; readonly problem: Problem };

export function known<T>(value: T): Reading<T> {
  return { state: "known", value };
}

export function absent(reason: string): Reading<never> {
  return { state: "absent", reason };
}

export function unknown(code: ProblemCode, detail: string): Reading<never> {
  return { state: "unknown", problem: { code, detail } };
}

/** The value of a known reading, else `undefined`. For facts a caller can do without. */
export function knownValue<T>(reading: Reading<T>): T | undefined {
  return reading.state === "known" ? reading.value : undefined;
}

/** Thrown where the outside world is at fault. Anything else thrown is a bug in plimsoll. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: Exclude<ProblemCode, "crashed">;
  /** The system's own word for it (`ENOENT`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`), where it has one. */
  readonly reason: string | undefined;

  constructor(
    code: HostError["code"],
    message: string,
    options?: ErrorOptions & { reason?: string },
  ) {
    super(message, options);
    this.code = code;
    this.reason = options?.reason;
  }
}
