import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements, shownSwitch } from "../../judgement/row-statements.ts";
import { secureRowFault } from "../../judgement/source-cookies.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows } from "../../judgement/source-rows.ts";
import { sessionCookieSecureControl } from "./cookie-secure.control.ts";

export const sessionCookieSecureSource = defineCheck({
  control: sessionCookieSecureControl,
  layer: "source",
  reads:
    "SessionMiddleware, Flask's and Django's settings, express-session and cookies that the code sets under a session's name, resolved under the effective environment and the framework's defaults.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "session.cookie-secure", {
      faultOf: secureRowFault,
      fixOf: (row) => cookieRowFix(row, "secure"),
      passes: "The session cookie is only sent over https",
      none: "Source sets up no session cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "session.cookie-secure", wanted.environment, shownSwitch);
  },
});
