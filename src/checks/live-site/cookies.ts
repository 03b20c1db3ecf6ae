import type { Evidence, Finding } from "../../core/check.ts";
import { withoutQuery } from "../../core/http-report.ts";
import {
  allHops,
  answerOf,
  fieldValues,
  type HttpAttempt,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
} from "../../core/http-site.ts";
import { type CookieUse, cookieUse } from "../../parsers/http/cookie-use.ts";
import { cookieLifetime, parseSetCookie, type SetCookie } from "../../parsers/http/set-cookie.ts";
import { isClosed, type SiteVerdict, seenIn, showSite } from "./sites.ts";

/** A session or CSRF cookie as one answer set it. */
export interface SeenCookie extends CookieUse {
  readonly cookie: SetCookie;
  readonly answer: HttpExchange;
  /** `Set-Cookie: sessionid=…; Secure; Path=/`, bounded, the value left out. */
  readonly shown: string;
}

/** Cookies of one name, domain and path, one for each answer that set it otherwise. */
export interface CookieGroup extends CookieUse {
  readonly name: string;
  readonly seen: readonly [SeenCookie, ...SeenCookie[]];
}

/** Characters of a name, and of a whole field, that are shown. */
const NAME_CHARACTERS_MAX = 60;
const SHOWN_CHARACTERS_MAX = 240;
/** Answers quoted for one cookie. */
const EVIDENCE_MAX = 5;

/**
 * The cookies of one use that any answer of the site sets: of both chains, redirects included, and of every further
 * request. Of several with one name, domain and path in one answer browsers keep the last. One that is deleted
 * carries nothing and is left out.
 */
export function cookiesOf(site: HttpSite, use: CookieUse["use"]): readonly CookieGroup[] {
  const groups = new Map<string, [SeenCookie, ...SeenCookie[]]>();
  for (const answer of new Set(allAnswers(site))) {
    for (const [key, seen] of cookiesIn(answer, site.askedAtMs)) {
      if (seen.use !== use) continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [seen]);
      else if (!group.some((other) => isSame(other, seen))) group.push(seen);
    }
  }
  return [...groups.values()].map((seen) => ({
    name: showName(seen[0].cookie.name),
    use,
    because: seen[0].because,
    ...(seen[0].framework !== undefined && { framework: seen[0].framework }),
    seen,
  }));
}

function cookiesIn(answer: HttpExchange, askedAtMs: number): ReadonlyMap<string, SeenCookie> {
  const kept = new Map<string, SeenCookie>();
  for (const value of fieldValues(answer, "set-cookie")) {
    const cookie = parseSetCookie(value);
    const use = cookieUse(cookie.name);
    if (use === undefined) continue;
    const key = [cookie.name, cookie.domain ?? "", cookie.path ?? ""].join("\n");
    kept.delete(key);
    if (cookieLifetime(cookie, askedAtMs / 1000) === 0) continue;
    kept.set(key, { ...use, cookie, answer, shown: showCookie(value, cookie) });
  }
  return kept;
}

function isSame(a: SeenCookie, b: SeenCookie): boolean {
  return a.shown === b.shown && withoutQuery(a.answer.url) === withoutQuery(b.answer.url);
}

function allAnswers({ http, https, extra }: HttpSite): readonly HttpExchange[] {
  const { paths, asset, errorPage, again, robots, robotsPreflight, preflight, plainPath } = extra;
  const attempts: readonly (HttpAttempt | undefined)[] = [
    ...[again, ...paths, asset, errorPage, extra.http2, extra.foreignOrigin],
    ...[robots, robotsPreflight, preflight, plainPath],
  ];
  const further = attempts.flatMap((attempt) =>
    attempt !== undefined && "answer" in attempt ? [...(attempt.via ?? []), attempt.answer] : [],
  );
  return [...allHops(https), ...allHops(http), ...further];
}

function showName(name: string): string {
  return name.length > NAME_CHARACTERS_MAX ? `${name.slice(0, NAME_CHARACTERS_MAX)}…` : name;
}

/** Whatever stands where a value stands is left out, its length too. */
function showCookie(field: string, { name, valueSpan }: SetCookie): string {
  const rest = field.slice(valueSpan.offset + valueSpan.length);
  const shown = `Set-Cookie: ${showName(name)}=…${rest}`;
  return shown.length > SHOWN_CHARACTERS_MAX ? `${shown.slice(0, SHOWN_CHARACTERS_MAX)}…` : shown;
}

/** Evidence of the cookies, and why they are taken for what they are. */
export function cookieEvidence(
  { because, use }: CookieUse,
  seen: readonly [SeenCookie, ...SeenCookie[]],
): readonly [Evidence, ...Evidence[]] {
  const [first, ...others] = seen;
  return [
    seenIn(first.answer, `${first.shown} (${use} cookie: ${because}${notesOf(first)})`),
    ...others.slice(0, EVIDENCE_MAX - 1).map(({ answer, shown }) => seenIn(answer, shown)),
  ];
}

/** What a browser makes of the cookie beside the control's rule. */
function notesOf({ cookie, answer }: SeenCookie): string {
  const isRefusedInClear = cookie.secure && answer.url.startsWith("http:");
  const refused = isRefusedInClear ? ["secure-over-http", ...cookie.refused] : cookie.refused;
  return refused.length === 0 ? "" : `; browsers refuse it: ${refused.join(", ")}`;
}

/** What is wrong with one cookie. */
export interface CookieFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  /** After `the session cookie "sid" `: `is set without Secure`. */
  readonly what: string;
}

/**
 * Judges the cookies of one use of a site; nothing where it sets none. One finding for each cookie and rule, with
 * every answer that shows it.
 */
export function judgeCookies(
  site: HttpSite,
  use: CookieUse["use"],
  faultOf: (seen: SeenCookie) => CookieFault | undefined,
  fixOf: (group: CookieGroup) => string,
): SiteVerdict | undefined {
  const unanswered = whyUnseen(site);
  const groups = cookiesOf(site, use);
  if (groups.length === 0) {
    return unanswered === undefined ? undefined : { findings: [], unanswered };
  }
  const findings = groups.flatMap((group) => findingsOf(site, group, faultOf, fixOf(group)));
  return { findings, ...(unanswered !== undefined && { unanswered }) };
}

function findingsOf(
  site: HttpSite,
  group: CookieGroup,
  faultOf: (seen: SeenCookie) => CookieFault | undefined,
  fix: string,
): readonly Finding[] {
  const byRule = new Map<string, { fault: CookieFault; seen: [SeenCookie, ...SeenCookie[]] }>();
  for (const seen of group.seen) {
    const fault = faultOf(seen);
    if (fault === undefined) continue;
    const same = byRule.get(fault.rule);
    if (same === undefined) byRule.set(fault.rule, { fault, seen: [seen] });
    else same.seen.push(seen);
  }
  return [...byRule.values()].map(({ fault: { rule, status, what }, seen }): Finding => {
    const often =
      seen.length < group.seen.length ? ` in ${seen.length} of ${group.seen.length} answers` : "";
    return {
      rule,
      status,
      subject: `${showSite(site)} ${group.name}`,
      message: `The ${group.use} cookie ${group.name} of ${showSite(site)} ${what}${often}`,
      fix,
      evidence: cookieEvidence(group, seen),
    };
  });
}

/**
 * What of the site was not seen although it may set cookies. A closed or silent http side beside an https side that
 * answers sets none.
 */
export function whyUnseen({ http, https, extra }: HttpSite): string | undefined {
  const isAnswered = answerOf(https) !== undefined;
  const silent = [https, http].find((side) =>
    isAnswered
      ? isBrokenOff(side)
      : answerOf(http) === undefined || !(https.hops.length === 0 && isClosed(https)),
  );
  if (silent !== undefined && silent.end.kind === "no-answer") {
    return `${withoutQuery(silent.end.url)}: ${silent.end.failure.detail}`;
  }
  const asked = extra.paths.find((each) => each.why === "asked" && "failure" in each);
  return asked !== undefined && "failure" in asked
    ? `${withoutQuery(asked.url)}: ${asked.failure.detail}`
    : undefined;
}

function isBrokenOff({ hops, end }: HttpSide): boolean {
  return hops.length > 0 && end.kind === "no-answer";
}

/** Evidence of every cookie of one use on the judged sites, for a pass. */
export function passEvidence(
  sites: readonly HttpSite[],
  use: CookieUse["use"],
): readonly Evidence[] {
  return sites.flatMap((site) =>
    cookiesOf(site, use).flatMap((group) => cookieEvidence(group, group.seen)),
  );
}
