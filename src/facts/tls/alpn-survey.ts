/** What browsers offer. */
const HTTP_NAMES: readonly string[] = ["h2", "http/1.1"];
/**
 * Offered to servers that refuse those: ACME's challenge and what is not HTTP (IANA, "TLS ALPN Protocol IDs").
 */
const OTHER_NAMES: readonly string[] = [
  "acme-tls/1",
  "http/1.0",
  "dot",
  "imap",
  "pop3",
  "managesieve",
  "postgresql",
  "xmpp-client",
  "xmpp-server",
  "ftp",
  "irc",
  "mqtt",
  "coap",
  "ntske/1",
  "stun.turn",
];

/** A name the server chose, `undefined` for none, one of the two below, `null` without an answer. */
export type AlpnAnswer = string | undefined | null;
/** Alert 120: it has ALPN, but none of these names (RFC 7301 section 3.2). */
export const ALPN_REFUSED = "refused";
/** Turned away in another way, which says nothing of the names of a first question. */
export const ALPN_FAILED = "failed";

/**
 * The names a server chooses: what browsers offer, then what is left of it; other protocols only where it
 * turned browsers away. `null` where a question got no answer: half a list is none.
 */
export async function surveyAlpn(
  ask: (names: readonly string[]) => Promise<AlpnAnswer>,
): Promise<readonly string[] | null> {
  const first = await ask(HTTP_NAMES);
  if (first === null || first === ALPN_FAILED) return null;
  if (first === undefined) return [];
  const isRefused = first === ALPN_REFUSED;
  const others = isRefused ? OTHER_NAMES : HTTP_NAMES.filter((name) => name !== first);
  const second = await ask(others);
  if (second === null) return null;
  const chosen = isRefused ? [] : [first];
  return second !== undefined && others.includes(second) ? [...chosen, second] : chosen;
}
