import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import { shownSwitch } from "../../judgement/row-statements.ts";
import { secureRowFault } from "../../judgement/source-cookies.ts";
import { csrfCookieSecureControl } from "./cookie-secure.control.ts";

export const csrfCookieSecureSource = cookieRowCheck({
  control: csrfCookieSecureControl,
  cookie: "csrf",
  property: "csrf.cookie-secure",
  part: "secure",
  faultOf: secureRowFault,
  passes: "The CSRF cookie is only sent over https",
  shown: shownSwitch,
});
