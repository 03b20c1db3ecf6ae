import { type Evidence, type Finding, type Outcome, pass } from "../../core/check.ts";
import { withoutQuery } from "../../core/http-report.ts";
import { fieldValues, type HttpExchange, type HttpSite } from "../../core/http-site.ts";
import type { Statement } from "../../core/trace.ts";
import { type ServerFixes, serverFix } from "../live-site/server-fixes.ts";
import { judgeSites, type SiteVerdict, seenIn, showSite } from "../live-site/sites.ts";
import { type SeenAnswer, type SiteAnswers, siteAnswers } from "./answers.ts";

/** What is wrong with one answer; equal `rule` and `what` of several answers make one finding. */
export interface AnswerFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  /** Goes on with the places: `No X-Frame-Options` ... `on https://shop.example.org/`. */
  readonly what: string;
  /** Where one rule can fire for several things: a field's name. */
  readonly subject?: string;
  /** Where the rule's own fix does not mend it. */
  readonly fix?: ServerFixes;
}

/** How a control judges the answers of a site. */
export interface AnswerRule {
  /** The table's columns: the fields to show of each answer. */
  readonly fields: readonly string[];
  /** What else the table shows of an answer. */
  readonly cells?: (seen: SeenAnswer) => readonly string[];
  readonly fix: ServerFixes;
  readonly good: string;
  readonly inapplicable: string;
  /** All of them unless given; `undefined` where the site is none of the control's. */
  readonly answersOf?: (site: HttpSite) => SiteAnswers | undefined;
  /** The answers the control is about; with none of them it does not apply. */
  readonly concerns: (seen: SeenAnswer) => boolean;
  readonly faults: (seen: SeenAnswer, site: HttpSite) => readonly AnswerFault[];
  /** What of the answers could not be read far enough. */
  readonly unread?: (seen: readonly SeenAnswer[]) => string | undefined;
  /** What is worth telling of a good site. */
  readonly note?: (seen: readonly SeenAnswer[], site: HttpSite) => string | undefined;
}

/** Places named in a message; all are in the evidence. */
const PLACES_SHOWN = 3;
/** Characters of a field's value in the evidence. */
export const VALUE_CHARACTERS_MAX = 200;
/** Field lines of one name in a row of the evidence. */
export const VALUES_SHOWN = 4;

/** Judges each concerned answer of each site; the evidence is always the whole table, the main page first. */
export function judgeAnswers(sites: readonly HttpSite[], rule: AnswerRule): Outcome {
  return judgeSites(
    sites,
    (site) => judgeSite(site, rule),
    (judged) => {
      const seen = judged.map((site) => ({ site, answers: concerned(site, rule)?.answers ?? [] }));
      const notes = seen.flatMap(({ site, answers }) => rule.note?.(answers, site) ?? []);
      return pass(
        [rule.good, ...new Set(notes)].join("; "),
        seen.flatMap(({ answers }) => answers.map((each) => row(each, rule))),
      );
    },
    rule.inapplicable,
  );
}

function judgeSite(site: HttpSite, rule: AnswerRule): SiteVerdict | undefined {
  const look = concerned(site, rule);
  if (look === undefined) return undefined;
  const unanswered = look.unanswered ?? rule.unread?.(look.answers);
  return {
    findings: groupFaults(site, look.answers, rule),
    ...(unanswered !== undefined && { unanswered }),
  };
}

function concerned(site: HttpSite, { answersOf, concerns }: AnswerRule): SiteAnswers | undefined {
  const look = (answersOf ?? siteAnswers)(site);
  if (look === undefined) return undefined;
  const answers = look.answers.filter(concerns);
  return answers.length === 0 && look.unanswered === undefined ? undefined : { ...look, answers };
}

interface FaultGroup {
  fault: AnswerFault;
  readonly places: string[];
}

function groupFaults(
  site: HttpSite,
  answers: readonly SeenAnswer[],
  rule: AnswerRule,
): readonly Finding[] {
  const [first, ...rest] = answers.map((each) => row(each, rule));
  if (first === undefined) return [];
  const groups = [...groupsOf(site, answers, rule).values()];
  return groups.map(({ fault, places }, at) => {
    const isSame = (other: FaultGroup) =>
      other.fault.rule === fault.rule && other.fault.subject === fault.subject;
    const before = groups.slice(0, at).filter(isSame).length;
    return {
      rule: fault.rule,
      status: fault.status,
      // Two findings of one rule are told apart without their values.
      subject: [showSite(site), fault.subject, before > 0 && `${before + 1}`]
        .filter((part) => part !== undefined && part !== false)
        .join(" "),
      message: `${fault.what} on ${listed(places)}`,
      fix: serverFix(site, fault.fix ?? rule.fix),
      evidence: [first, ...rest],
    };
  });
}

/** One group for each fault; where it weighs differently from place to place, the worst counts. */
function groupsOf(
  site: HttpSite,
  answers: readonly SeenAnswer[],
  rule: AnswerRule,
): ReadonlyMap<string, FaultGroup> {
  const groups = new Map<string, FaultGroup>();
  for (const seen of answers) {
    for (const fault of rule.faults(seen, site)) {
      const key = `${fault.rule} ${fault.what}`;
      const group = groups.get(key) ?? { fault, places: [] };
      if (fault.status === "fail") group.fault = fault;
      const place = placeOf(seen);
      // What the main page's other answers share with the first is worth naming once.
      if (!(isSecondLook(seen) && group.places.includes(withoutQuery(seen.answer.url)))) {
        group.places.push(place);
      }
      groups.set(key, group);
    }
  }
  return groups;
}

function isSecondLook({ kind }: SeenAnswer): boolean {
  return kind === "again" || kind === "http2";
}

function listed(places: readonly string[]): string {
  const distinct = [...new Set(places)];
  const more = distinct.length - PLACES_SHOWN;
  const shown = distinct.slice(0, PLACES_SHOWN).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The missing address is new with each run, so its URL stands in the evidence only. */
function placeOf({ kind, answer }: SeenAnswer): string {
  if (kind === "missing") return `the page of a missing address (${answer.status})`;
  const url = withoutQuery(answer.url);
  if (kind === "again") return `${url} (asked again)`;
  if (kind === "http2") return `${url} (over HTTP/2)`;
  return kind === "page" ? url : `${url} (${answer.status})`;
}

/** One row of the table: `404, missing address: Strict-Transport-Security not sent`. */
function row(seen: SeenAnswer, { fields, cells }: AnswerRule): Evidence {
  const all = [
    ...fields.flatMap((field) => cell(seen.answer, field)),
    ...(cells?.(seen) ?? []).map(shortened),
  ];
  return seenIn(
    seen.answer,
    `${seen.answer.status}, ${KIND_WORDS[seen.kind]}: ${all.join("; ") || "none sent"}`,
  );
}

const KIND_WORDS: Readonly<Record<SeenAnswer["kind"], string>> = {
  page: "main page",
  again: "main page, asked again",
  http2: "main page, over HTTP/2",
  error: "main page",
  redirect: "redirect",
  asset: "static asset",
  path: "further path",
  missing: "missing address",
};

function cell(answer: HttpExchange, field: string): readonly string[] {
  const values = fieldValues(answer, field.toLowerCase());
  if (values.length === 0) return [`${field} not sent`];
  const more = values.length - VALUES_SHOWN;
  return [
    ...values.slice(0, VALUES_SHOWN).map((value) => `${field}: ${shortened(value)}`),
    ...(more > 0 ? [`and ${more} times more`] : []),
  ];
}

function shortened(value: string): string {
  return value.length > VALUE_CHARACTERS_MAX ? `${value.slice(0, VALUE_CHARACTERS_MAX)}…` : value;
}

/** What the client got of a field on the main page of each site; nothing where the page was not seen. */
export function mainPageStatements(
  sites: readonly HttpSite[],
  valueIn: (answer: HttpExchange) => string | undefined,
  answersOf: (site: HttpSite) => SiteAnswers | undefined = siteAnswers,
): readonly Statement[] {
  return sites.flatMap((site): readonly Statement[] => {
    const page = answersOf(site)?.answers.find(({ kind }) => kind === "page");
    if (page === undefined) return [];
    const value = valueIn(page.answer);
    const where = withoutQuery(page.answer.url);
    return value === undefined
      ? [{ layer: "live", says: "drops", where }]
      : [{ layer: "live", says: "sets", value, where }];
  });
}
