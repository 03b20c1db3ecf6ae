import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import {
  type SourceProperty,
  type SourceSetting,
  type SourceSettings,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { csrfEnabledControl } from "./enabled.control.ts";

export const csrfEnabledSource = defineCheck({
  control: csrfEnabledControl,
  layer: "source",
  reads:
    "Middleware against forged requests: whether it is registered, where in the chain, what it exempts and how it compares.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const rows = settingsOf(source, "csrf.enabled");
    if (rows.length === 0)
      return nothingFound(source, "Source sets up no session that a forged request could use");
    const findings = [
      ...rows.flatMap((row) => enabledFindings(row)),
      ...codeFindings(source),
      ...exemptionFindings(source),
      ...exemptViewFindings(source),
    ];
    const open = rows.find(({ resolved }) => resolved.state !== "known");
    if (open !== undefined && open.resolved.state !== "known")
      return judge(
        findings,
        cannotTell(
          "unsupported",
          `Whether forged requests are refused cannot be told: ${open.resolved.reason}`,
        ),
      );
    const names = [...new Set(rows.map(({ subject = "CSRF protection" }) => subject))].join(", ");
    return judge(findings, pass(`${names} refuses forged requests`, rows.map(sourceEvidence)));
  },
});

function enabledFindings(row: SourceSetting): readonly Finding[] {
  const { resolved, subject, condition } = row;
  if (resolved.state !== "known") return [];
  const evidence = [sourceEvidence(row)] as const;
  if (resolved.value !== true) {
    const isOff = row.kind !== "absent";
    return [
      {
        rule: isOff ? "switched-off" : "not-registered",
        status: "fail",
        message: isOff
          ? `${subject ?? "CSRF protection"} is switched off (${sourcePlace(row)})`
          : `Sessions are set up and no protection against forged requests is (${sourcePlace(row)})`,
        fix: fixOf(row),
        evidence,
      },
    ];
  }
  if (condition === undefined) return [];
  return [
    {
      rule: "conditional",
      status: "warn",
      message: `${subject ?? "CSRF protection"} is only there under ${condition} (${sourcePlace(row)})`,
      fix: `Register it at ${sourcePlace(row)} whatever ${condition} is`,
      evidence,
    },
  ];
}

function fixOf(row: SourceSetting): string {
  switch (row.framework) {
    case "django":
      return 'Put "django.middleware.csrf.CsrfViewMiddleware" into MIDDLEWARE';
    case "flask":
      return `Write CSRFProtect(app) (from flask_wtf) in ${row.file}`;
    case "express":
      return `Put a middleware that checks a token in front of the routes in ${row.file}`;
    default:
      return `Add the CSRF middleware in ${row.file} before app.add_middleware(SessionMiddleware, …), as the one added last runs first`;
  }
}

interface CodeRule {
  readonly property: SourceProperty;
  readonly bad: unknown;
  readonly rule: string;
  readonly status: "warn" | "fail";
  readonly says: string;
  readonly fix: string;
}

const CODE_RULES: readonly CodeRule[] = [
  {
    property: "csrf.refuses",
    bad: false,
    rule: "never-refuses",
    status: "fail",
    says: "refuses nothing",
    fix: "Answer with status 403 where the token is missing or another",
  },
  {
    property: "csrf.order",
    bad: "outside-session",
    rule: "outside-session",
    status: "fail",
    says: "runs before the session is there",
    fix: "Add it before app.add_middleware(SessionMiddleware, …), as the one added last runs first",
  },
  {
    property: "csrf.comparison",
    bad: "equality",
    rule: "plain-comparison",
    status: "warn",
    says: "compares tokens by ==, which tells by its time how much of one is right",
    fix: "Compare with secrets.compare_digest",
  },
  {
    property: "csrf.bound",
    bad: false,
    rule: "unbound",
    status: "warn",
    says: "does not bind the token to the session, so that any cookie of a sibling host will do",
    fix: "Keep the token in the session and compare with that",
  },
];

function codeFindings(source: SourceSettings): readonly Finding[] {
  return CODE_RULES.flatMap(({ property, bad, rule, status, says, fix }) =>
    settingsOf(source, property)
      .filter(({ resolved }) => resolved.state === "known" && resolved.value === bad)
      .map((row) => {
        const subject = row.subject ?? "CSRF protection";
        return {
          rule,
          status,
          subject,
          message: `${subject} ${says} (${sourcePlace(row)})`,
          fix: `${fix} (${subject}, ${sourcePlace(row)})`,
          evidence: [sourceEvidence(row)],
        };
      }),
  );
}

/** Prefixes that hold all of a site, or all of what changes state in it. */
const WHOLE = /^(?:\/|\/\*+|\/\.\*|\/api\/?|\/api\/v\d+\/?)$/;
/** Full paths too that are all of it. */
const WHOLE_PATTERN = /^\/(?:\*+|\.\*)$/;

function exemptionFindings(source: SourceSettings): readonly Finding[] {
  const isPrefix = settingsOf(source, "csrf.exemption-match").some(
    ({ resolved }) => resolved.state === "known" && resolved.value === "prefix",
  );
  return settingsOf(source, "csrf.exemptions").flatMap((row) => {
    const paths = pathsOf(row);
    const whole = paths.filter((path) => (isPrefix ? WHOLE : WHOLE_PATTERN).test(path));
    if (whole.length > 0)
      return [
        exemption(row, "wildcard-exemption", "fail", `exempts all below ${whole.join(", ")}`),
      ];
    const open = isPrefix ? paths.filter((path) => !path.endsWith("/")) : [];
    if (open.length === 0) return [];
    const says = `exempts by prefix ${open.join(", ")}, and with it paths that only begin so`;
    return [exemption(row, "prefix-exemption", "warn", says)];
  });
}

const SHOWN_MAX = 8;

/** One finding for each file: a whole interface goes by keys more often than one view of it. */
function exemptViewFindings(source: SourceSettings): readonly Finding[] {
  const files = Map.groupBy(settingsOf(source, "csrf.exempt-view"), ({ file }) => file);
  return [...files.values()].flatMap((rows) => {
    const [first, ...others] = rows;
    if (first === undefined) return [];
    const names = rows.map(({ subject }) => subject ?? "a view").slice(0, SHOWN_MAX);
    const word = first.framework === "flask" ? "csrf.exempt" : "csrf_exempt";
    const more = rows.length > SHOWN_MAX ? ` and ${rows.length - SHOWN_MAX} more` : "";
    return [
      {
        rule: "exempt-view",
        status: "warn",
        subject: first.file,
        message: `${word} takes views that may change state out of the protection: ${names.join(", ")}${more} (${sourcePlace(first)})`,
        fix: `Take ${word} off in ${first.file} wherever the session's cookie is enough to get in; it is sound only for a view that asks for a key or a signature`,
        evidence: [sourceEvidence(first), ...others.slice(0, SHOWN_MAX - 1).map(sourceEvidence)],
      },
    ];
  });
}

function exemption(
  row: SourceSetting,
  rule: string,
  status: "warn" | "fail",
  says: string,
): Finding {
  const subject = row.subject ?? "CSRF protection";
  return {
    rule,
    status,
    subject,
    message: `${subject} ${says} (${sourcePlace(row)})`,
    fix: `Exempt whole paths at ${sourcePlace(row)}, compared with == or by a prefix that ends in /`,
    evidence: [sourceEvidence(row)],
  };
}

function pathsOf({ resolved }: SourceSetting): readonly string[] {
  if (resolved.state !== "known" || !Array.isArray(resolved.value)) return [];
  return resolved.value.filter((path) => typeof path === "string");
}
