import { type Check, type Control, defineCheck } from "../../core/check.ts";
import { environment } from "../../facts/environment.fact.ts";
import { type SourceProperty, sourceSettings } from "../../facts/source-settings.fact.ts";
import { rowStatements } from "./row-statements.ts";
import { cookieRowFix } from "./source-fix.ts";
import { judgeRows, type RowJudgement } from "./source-rows.ts";

const NEEDS = { source: sourceSettings };
const WANTS = { environment };

export interface CookieRowDefinition extends Pick<RowJudgement, "faultOf" | "passes"> {
  readonly control: Control;
  readonly cookie: keyof typeof COOKIES;
  readonly property: SourceProperty;
  /** What the fix sets. */
  readonly part: Parameters<typeof cookieRowFix>[1];
  /** Where it is not what is read of every such cookie. */
  readonly reads?: string;
  /** As the live layer states the value. */
  shown(value: unknown): string;
}

/** What is read of each kind of cookie, and what is said where source sets none. */
const COOKIES = {
  session: {
    reads:
      "SessionMiddleware, Flask's and Django's settings, express-session and cookies that the code sets under a session's name, resolved under the effective environment and the framework's defaults.",
    none: "Source sets up no session cookie",
  },
  csrf: {
    reads:
      "The CSRF cookie that the framework or the code sets, resolved under the effective environment and the framework's defaults.",
    none: "Source sets no CSRF cookie",
  },
} as const;

/** A check on one attribute of the session's or the CSRF cookie at the source layer. */
export function cookieRowCheck({
  control,
  cookie,
  property,
  part,
  faultOf,
  passes,
  shown,
  reads = COOKIES[cookie].reads,
}: CookieRowDefinition): Check<typeof NEEDS, typeof WANTS> {
  return defineCheck({
    control,
    layer: "source",
    reads,
    needs: NEEDS,
    wants: WANTS,
    evaluate: ({ source }) =>
      judgeRows(source, property, {
        faultOf,
        fixOf: (row) => cookieRowFix(row, part),
        passes,
        none: COOKIES[cookie].none,
      }),
    states: ({ source }, wanted) => rowStatements(source, property, wanted.environment, shown),
  });
}
