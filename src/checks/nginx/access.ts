import type { AnswerAccess } from "../../parsers/nginx/answer-outcome.ts";
import { isLocalAddress, reachOf } from "../route/address.ts";

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

/** An address or network as written; `unix:` is this machine. */
export function isPrivateAddress(text: string): boolean {
  const [address = ""] = text.split("/");
  const reach = reachOf(address);
  return isLocalAddress(address) || reach === "private" || reach === "link-local";
}
