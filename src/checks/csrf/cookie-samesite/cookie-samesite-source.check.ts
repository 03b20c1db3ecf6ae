import { defineCheck } from "../../../core/check.ts";
import { environment } from "../../../facts/environment.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { rowStatements } from "../../judgement/row-statements.ts";
import { sameSiteRowFault, shownSameSite } from "../../judgement/source-cookies.ts";
import { cookieRowFix } from "../../judgement/source-fix.ts";
import { judgeRows } from "../../judgement/source-rows.ts";
import { csrfCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const csrfCookieSamesiteSource = defineCheck({
  control: csrfCookieSamesiteControl,
  layer: "source",
  reads:
    "The CSRF cookie that the framework or the code sets, resolved under the effective environment and the framework's defaults.",
  needs: { source: sourceSettings },
  wants: { environment },

  evaluate({ source }) {
    return judgeRows(source, "csrf.cookie-samesite", {
      faultOf: sameSiteRowFault,
      fixOf: (row) => cookieRowFix(row, "samesite"),
      passes: "The CSRF cookie has SameSite=Strict",
      none: "Source sets no CSRF cookie",
    });
  },

  states({ source }, wanted) {
    return rowStatements(source, "csrf.cookie-samesite", wanted.environment, shownSameSite);
  },
});
