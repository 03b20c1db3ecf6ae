import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import type { RowFault } from "../../judgement/source-rows.ts";
import { sessionLifetimeControl } from "./lifetime.control.ts";

/** Seed 2: a day. */
const LIFETIME_MAX_SECONDS = 86_400;

export const sessionLifetimeSource = cookieRowCheck({
  control: sessionLifetimeControl,
  cookie: "session",
  property: "session.lifetime-seconds",
  part: "lifetime",
  reads:
    "The session's lifetime as SessionMiddleware, Flask, Django or express-session is given it, or its default.",
  faultOf,
  passes: "The session ends within a day",
  shown: String,
});

/** `null`: the cookie ends with the browser, the session itself never does. */
function faultOf(value: unknown): RowFault | undefined {
  if (typeof value === "number") {
    if (value <= LIFETIME_MAX_SECONDS) return undefined;
    return { rule: "long-lived", status: "warn", says: `lives ${value} s, more than a day` };
  }
  return { rule: "unlimited", status: "warn", says: "has no end that can be told" };
}
