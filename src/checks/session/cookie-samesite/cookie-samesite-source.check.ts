import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import { sameSiteRowFault, shownSameSite } from "../../judgement/source-cookies.ts";
import { sessionCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const sessionCookieSamesiteSource = cookieRowCheck({
  control: sessionCookieSamesiteControl,
  cookie: "session",
  property: "session.cookie-samesite",
  part: "samesite",
  faultOf: sameSiteRowFault,
  passes: "The session cookie has SameSite=Strict",
  shown: shownSameSite,
});
