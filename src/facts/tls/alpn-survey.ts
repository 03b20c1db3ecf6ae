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

/** What a server chose: a name, `undefined` for none, `refused` by alert 120, `null` without an answer. */
export type AlpnAnswer = string | undefined | null;
const REFUSED = "refused";

/**
 * The names a server chooses: what browsers offer, then what is left of it; other protocols only where it
 * turned browsers away (RFC 7301 section 3.2). `null` where the first question got no answer.
 */
export async function surveyAlpn(
  ask: (names: readonly string[]) => Promise<AlpnAnswer>,
): Promise<readonly string[] | null> {
  const first = await ask(HTTP_NAMES);
  if (first === null) return null;
  if (first === undefined) return [];
  const others = first === REFUSED ? OTHER_NAMES : HTTP_NAMES.filter((name) => name !== first);
  const second = await ask(others);
  const chosen = first === REFUSED ? [] : [first];
  return typeof second === "string" && others.includes(second) ? [...chosen, second] : chosen;
}
