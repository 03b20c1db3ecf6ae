import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import { shownSwitch } from "../../judgement/row-statements.ts";
import { httpOnlyRowFault } from "../../judgement/source-cookies.ts";
import { sessionCookieHttponlyControl } from "./cookie-httponly.control.ts";

export const sessionCookieHttponlySource = cookieRowCheck({
  control: sessionCookieHttponlyControl,
  cookie: "session",
  property: "session.cookie-httponly",
  part: "httponly",
  faultOf: httpOnlyRowFault,
  passes: "The session cookie is hidden from scripts",
  shown: shownSwitch,
});
