import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements, shownSwitch } from "../../judgement/row-statements.ts";
import { secureRowFault } from "../../judgement/source-cookies.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows } from "../../judgement/source-rows.ts";
import { csrfCookieSecureControl } from "./cookie-secure.control.ts";

export const csrfCookieSecureSource = defineCheck({
  control: csrfCookieSecureControl,
  layer: "source",
  reads:
    "The CSRF cookie that the framework or the code sets, resolved under the effective environment and the framework's defaults.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "csrf.cookie-secure", {
      faultOf: secureRowFault,
      fixOf: (row) => cookieRowFix(row, "secure"),
      passes: "The CSRF cookie is only sent over https",
      none: "Source sets no CSRF cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "csrf.cookie-secure", wanted.environment, shownSwitch);
  },
});
