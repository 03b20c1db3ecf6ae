import { cookieRowCheck } from "../../judgement/cookie-row-check.ts";
import { sameSiteRowFault, shownSameSite } from "../../judgement/source-cookies.ts";
import { csrfCookieSamesiteControl } from "./cookie-samesite.control.ts";

export const csrfCookieSamesiteSource = cookieRowCheck({
  control: csrfCookieSamesiteControl,
  cookie: "csrf",
  property: "csrf.cookie-samesite",
  part: "samesite",
  faultOf: sameSiteRowFault,
  passes: "The CSRF cookie has SameSite=Strict",
  shown: shownSameSite,
});
