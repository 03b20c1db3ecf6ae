import { defineFact } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import type { AppSetting, Resolved } from "./app-settings.fact.ts";
import { application, type Framework } from "./application.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { services } from "./services.fact.ts";
import type { SourceProblem } from "./source-files.ts";

/**
 * What checks ask about, however a framework spells it. The shape of a known value:
 * switches are booleans; `*-samesite` "strict", "lax", "none" or null (not sent); `*-seconds` numbers;
 * `session.secret-fallback` what signs when no variable is set; `csrf.exemption-match` "prefix" or "exact";
 * `csrf.order` "inside-session" or "outside-session"; `csrf.comparison` "constant-time", "equality" or "none";
 * `template.inline-*` how the element gets its nonce ("none", "filled-in", "literal"), `template.external-*` the element;
 * `ratelimit.trusted` the addresses, `ratelimit.trusted-field` whether the field `subject` lets anybody past a limit;
 * `header.*` the field's value as text, null where it is taken away; lists are arrays of text.
 */
export const SOURCE_PROPERTIES = [
  "session.cookie-secure",
  "session.cookie-httponly",
  "session.cookie-samesite",
  "session.lifetime-seconds",
  "session.secret",
  "session.secret-fallback",
  "csrf.enabled",
  "csrf.exemptions",
  "csrf.exemption-match",
  "csrf.exempt-view",
  "csrf.order",
  "csrf.comparison",
  "csrf.refuses",
  "csrf.bound",
  "csrf.cookie-secure",
  "csrf.cookie-httponly",
  "csrf.cookie-samesite",
  "cookie.secure",
  "cookie.httponly",
  "cookie.samesite",
  "hsts.max-age-seconds",
  "hsts.include-subdomains",
  "hsts.preload",
  "header.strict-transport-security",
  "header.content-security-policy",
  "header.content-security-policy-report-only",
  "header.x-frame-options",
  "header.x-content-type-options",
  "header.referrer-policy",
  "header.x-xss-protection",
  "header.permissions-policy",
  "header.cross-origin-opener-policy",
  "header.server",
  "header.x-powered-by",
  "csp.nonce",
  "template.inline-script",
  "template.inline-style",
  "template.external-script",
  "template.external-stylesheet",
  "redirect.https",
  "cors.origins",
  "cors.credentials",
  "cors.origin-regex",
  "hosts.allowed",
  "docs.exposed",
  "proxy.trusted",
  "proxy.ssl-header",
  "ratelimit.app",
  "ratelimit.enabled",
  "ratelimit.storage",
  "ratelimit.login",
  "ratelimit.client-key",
  "ratelimit.trusted",
  "ratelimit.trusted-field",
  "body.limit-bytes",
  "sentry.dsn",
  "sentry.enabled",
  "sentry.environment",
  "sentry.release",
  "sentry.traces-rate",
  "sentry.profiles-rate",
  "sentry.send-default-pii",
  "sentry.scrubber",
  "log.level",
  "log.file",
  "log.remote",
  "log.rotation",
  "log.persistence",
  "log.sensitive",
  "db.engine",
  "db.path",
  "db.url",
  "db.password",
  "db.pooling",
  "websocket.route",
] as const;
export type SourceProperty = (typeof SOURCE_PROPERTIES)[number];

/** One security-relevant thing the application's source says, or is known not to say. */
export interface SourceSetting {
  /** In the framework's own words: `django.hsts_seconds`, `fastapi.session.https_only`, `cookie.csrf.secure`. */
  readonly slug: string;
  /** The property it decides, the same for every framework. */
  readonly property?: SourceProperty;
  readonly framework?: Framework;
  /** What it is about where there are several: a cookie, a route, a URL. */
  readonly subject?: string;
  readonly file: string;
  /** `null` for what is absent: the file is where it would stand. */
  readonly line: number | null;
  readonly column?: number;
  /** Line of the call of which this is an argument, where each call is judged with its own. */
  readonly callLine?: number;
  readonly kind: AppSetting["kind"];
  /** As written, short, for people; of a secret only its measures. */
  readonly value: string;
  /** Environment variables it is made of. */
  readonly variables: readonly string[];
  /** Under the effective environment and the framework's defaults. */
  readonly resolved: Resolved;
  /** `SESSION_COOKIE_SECURE = True <- COOKIE_SECURE="1" (.env:3) <- settings.py:41`; no secret in it. */
  readonly chain: string;
  /** What the program has when no variable is set, in clear; left out where it is no text, number or switch. */
  readonly default?: string | number | boolean;
  /** The statement only runs under a condition that could not be told, as written. */
  readonly condition?: string;
  /** The condition can be told and does not hold in the effective environment: nothing is set. */
  readonly isOff?: true;
}

export interface SourceSettings {
  readonly settings: readonly SourceSetting[];
  /** Frameworks that were looked through: for a property of theirs that has no row nothing says anything. */
  readonly read: readonly Framework[];
  readonly problems: readonly SourceProblem[];
}

/** The settings of one property, in the order in which they are met. */
export function settingsOf(
  { settings }: SourceSettings,
  property: SourceProperty,
): readonly SourceSetting[] {
  return settings.filter((setting) => setting.property === property);
}

export const sourceSettings = defineFact({
  id: "source-settings",
  title: "Security settings in source",
  access: "read",
  timeoutMs: 20_000,
  needs: { deploymentTree, application },
  wants: { environmentValues, services },
  async collect(context, facts, readings): Promise<Reading<SourceSettings>> {
    // Loaded when it is collected: a scan of a server alone names this fact and never does.
    const { readSource } = await import("./source/read-source.ts");
    return known(await readSource(context, facts, readings));
  },
});
