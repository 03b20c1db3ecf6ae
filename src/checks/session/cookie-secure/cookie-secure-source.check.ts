import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import { shownSwitch } from "../../judgement/row-statements.ts";
import { secureRowFault } from "../../judgement/source-cookies.ts";
import { sessionCookieSecureControl } from "./cookie-secure.control.ts";

export const sessionCookieSecureSource = cookieRowCheck({
  control: sessionCookieSecureControl,
  cookie: "session",
  property: "session.cookie-secure",
  part: "secure",
  faultOf: secureRowFault,
  passes: "The session cookie is only sent over https",
  shown: shownSwitch,
});
