import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements } from "../../judgement/row-statements.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows, type RowFault } from "../../judgement/source-rows.ts";
import { sessionLifetimeControl } from "./lifetime.control.ts";

/** Seed 2: a day. */
const LIFETIME_MAX_SECONDS = 86_400;

export const sessionLifetimeSource = defineCheck({
  control: sessionLifetimeControl,
  layer: "source",
  reads:
    "The session's lifetime as SessionMiddleware, Flask, Django or express-session is given it, or its default.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "session.lifetime-seconds", {
      faultOf,
      fixOf: (row) => cookieRowFix(row, "lifetime"),
      passes: "The session ends within a day",
      none: "Source sets up no session cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "session.lifetime-seconds", wanted.environment, String);
  },
});

/** `null`: the cookie ends with the browser, the session itself never does. */
function faultOf(value: unknown): RowFault | undefined {
  if (typeof value === "number") {
    if (value <= LIFETIME_MAX_SECONDS) return undefined;
    return { rule: "long-lived", status: "warn", says: `lives ${value} s, more than a day` };
  }
  return { rule: "unlimited", status: "warn", says: "has no end that can be told" };
}
