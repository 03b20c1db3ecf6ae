import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements } from "../../judgement/row-statements.ts";
import { sameSiteRowFault, shownSameSite } from "../../judgement/source-cookies.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows } from "../../judgement/source-rows.ts";
import { sessionCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const sessionCookieSamesiteSource = defineCheck({
  control: sessionCookieSamesiteControl,
  layer: "source",
  reads:
    "SessionMiddleware, Flask's and Django's settings, express-session and cookies that the code sets under a session's name, resolved under the effective environment and the framework's defaults.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "session.cookie-samesite", {
      faultOf: sameSiteRowFault,
      fixOf: (row) => cookieRowFix(row, "samesite"),
      passes: "The session cookie has SameSite=Strict",
      none: "Source sets up no session cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "session.cookie-samesite", wanted.environment, shownSameSite);
  },
});
