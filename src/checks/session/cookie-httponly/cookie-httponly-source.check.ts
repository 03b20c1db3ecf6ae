import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements, shownSwitch } from "../../judgement/row-statements.ts";
import { httpOnlyRowFault } from "../../judgement/source-cookies.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows } from "../../judgement/source-rows.ts";
import { sessionCookieHttponlyControl } from "./cookie-httponly.control.ts";

export const sessionCookieHttponlySource = defineCheck({
  control: sessionCookieHttponlyControl,
  layer: "source",
  reads:
    "SessionMiddleware, Flask's and Django's settings, express-session and cookies that the code sets under a session's name, resolved under the effective environment and the framework's defaults.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "session.cookie-httponly", {
      faultOf: httpOnlyRowFault,
      fixOf: (row) => cookieRowFix(row, "httponly"),
      passes: "The session cookie is hidden from scripts",
      none: "Source sets up no session cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "session.cookie-httponly", wanted.environment, shownSwitch);
  },
});
