import type { AnswerAccess } from "../../parsers/nginx/answer-outcome.ts";
import { isLocalAddress } from "./model.ts";

/**
 * Whether only private networks (RFC 1918, RFC 4193, loopback, link-local) get through `allow` and `deny`:
 * every `allow` is one, and `deny all` ends the list.
 */
export function isPrivateNetwork({
  rules,
  satisfiesAny,
}: Pick<AnswerAccess, "rules" | "satisfiesAny">): boolean {
  const allowed = rules.filter(({ name }) => name === "allow");
  const isClosed = rules.at(-1)?.name === "deny" && rules.at(-1)?.args[0]?.text === "all";
  return (
    isClosed && !satisfiesAny && allowed.every(({ args }) => isPrivateAddress(args[0]?.text ?? ""))
  );
}

const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

/** An address or network as written; `unix:` is this machine. */
export function isPrivateAddress(text: string): boolean {
  const [address = ""] = text.replace(/^\[|\]$/g, "").split("/");
  return PRIVATE.test(address) || isLocalAddress(address) || address === "::1";
}
