import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import { actionOf } from "./caddy-actions.ts";

/** Whether a directive turns a request away: a status from 400 on, or a closed connection. */
export function respondsWithRefusal(directive: CaddyDirective): boolean {
  if (!["respond", "error", "abort"].includes(directive.name)) return false;
  const action = actionOf(directive, undefined, "/");
  return action.kind === "answer" && (action.status >= 400 || action.status === 0);
}
