import { NONCE_PLACEHOLDER } from "../../parsers/csp/suggest.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import {
  boolean,
  list,
  none,
  number,
  originOf,
  text,
  truthOf,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import type { FieldWrite } from "./field-statements.ts";
import { argumentOf, type Extension, extensions, placeOf } from "./flask-extensions.ts";
import type { PythonRow } from "./python-row.ts";

const TALISMAN = /^(?:flask_talisman(?:\.talisman)?|talisman)\.Talisman$/;

/** A version of Flask-Talisman that sends other fields by default. */
export interface TalismanDefaults {
  /** Before 1.1 `X-XSS-Protection` is sent. */
  readonly sendsXss: boolean;
}

/** flask_talisman 0.7 to 1.1, `talisman.py`. */
const ONE_YEAR_SECONDS = 31_556_926;
const POLICY: Value = {
  kind: "dict",
  entries: [
    { key: text("default-src"), value: text("'self'"), line: 0 },
    { key: text("object-src"), value: text("'none'"), line: 0 },
  ],
  origin: { reads: [], idiom: "" },
};

export function talismans(machine: Machine): readonly Extension[] {
  return extensions(machine, TALISMAN);
}

/** What Talisman was set up with, and what it makes of the session's cookie. */
export function talismanRows(each: Extension): readonly PythonRow[] {
  const { record } = each;
  const row = (
    name: string,
    fallback: Value,
    told: Pick<PythonRow, "slug" | "property">,
  ): PythonRow => ({
    ...told,
    framework: "flask",
    name: `Talisman.${name}`,
    ...placeOf(record, name),
    value: argumentOf(each, name, fallback),
  });
  return [
    {
      slug: "flask.talisman",
      framework: "flask",
      name: "Talisman",
      ...placeOf(record),
      value: boolean(true),
    },
    row("force_https", boolean(true), { slug: "flask.force_https", property: "redirect.https" }),
    row("session_cookie_secure", boolean(true), {
      slug: "flask.session_cookie_secure",
      property: "session.cookie-secure",
    }),
    row("session_cookie_http_only", boolean(true), {
      slug: "flask.session_cookie_httponly",
      property: "session.cookie-httponly",
    }),
    row("session_cookie_samesite", text("Lax"), {
      slug: "flask.session_cookie_samesite",
      property: "session.cookie-samesite",
    }),
  ];
}

/** The fields that Talisman sets on every answer. */
export function talismanWrites(each: Extension, defaults: TalismanDefaults): readonly FieldWrite[] {
  const { record } = each;
  const write = (name: string, argument: string, value: Value): readonly FieldWrite[] =>
    value.kind === "none"
      ? []
      : [
          {
            ...{ name, value, isDefault: false, file: record.file },
            place: record.call.places?.get(argument) ?? record.place,
            ...(record.condition === undefined ? {} : { condition: record.condition }),
          },
        ];
  const switched = (name: string, argument: string, isOn: boolean, value: string) =>
    write(
      name,
      argument,
      onlyIf(argumentOf(each, argument, boolean(isOn)), () => text(value)),
    );
  return [
    ...write("strict-transport-security", "strict_transport_security", hsts(each)),
    ...write(
      "x-frame-options",
      "frame_options",
      orNone(argumentOf(each, "frame_options", text("SAMEORIGIN"))),
    ),
    ...policies(each).flatMap(({ name, value }) => write(name, "content_security_policy", value)),
    ...write(
      "referrer-policy",
      "referrer_policy",
      orNone(argumentOf(each, "referrer_policy", text("strict-origin-when-cross-origin"))),
    ),
    ...switched("x-content-type-options", "x_content_type_options", true, "nosniff"),
    ...switched("x-xss-protection", "x_xss_protection", defaults.sendsXss, "1; mode=block"),
  ];
}

function orNone(value: Value): Value {
  return truthOf(value) === false ? none(value.origin) : value;
}

/** What is sent where a switch is on. */
function onlyIf(switched: Value, value: () => Value): Value {
  const isOn = truthOf(switched);
  if (isOn === false) return none(switched.origin);
  if (isOn === true) return { ...value(), origin: switched.origin };
  return switched;
}

function hsts(each: Extension): Value {
  return onlyIf(argumentOf(each, "strict_transport_security", boolean(true)), () => {
    const seconds = argumentOf(each, "strict_transport_security_max_age", number(ONE_YEAR_SECONDS));
    const wide = truthOf(
      argumentOf(each, "strict_transport_security_include_subdomains", boolean(true)),
    );
    const preload = truthOf(argumentOf(each, "strict_transport_security_preload", boolean(false)));
    if (seconds.kind !== "number" || wide === undefined || preload === undefined)
      return unknownValue("the parts of the field are not known");
    const parts = [
      `max-age=${seconds.number}`,
      wide ? "includeSubDomains" : "",
      preload ? "preload" : "",
    ];
    return text(parts.filter((part) => part !== "").join("; "));
  });
}

function policies(each: Extension): readonly { readonly name: string; readonly value: Value }[] {
  const given = argumentOf(each, "content_security_policy", POLICY);
  const isReportOnly = truthOf(
    argumentOf(each, "content_security_policy_report_only", boolean(false)),
  );
  const nonces = argumentOf(each, "content_security_policy_nonce_in", list([]));
  const name = "content-security-policy";
  const value = policyText(given, nonces);
  return [{ name: isReportOnly === true ? `${name}-report-only` : name, value }];
}

/** A policy given as text or by directives, with a nonce in those that are to have one. */
function policyText(policy: Value, nonces: Value): Value {
  if (truthOf(policy) === false) return none(policy.origin);
  if (policy.kind !== "text" && policy.kind !== "dict") return policy;
  if (nonces.kind === "unknown" || nonces.kind === "external")
    return unknownValue("which directives get a nonce is not known", [originOf(policy)]);
  const withNonce = new Set(
    nonces.kind === "list"
      ? nonces.items.flatMap((item) => (item.kind === "text" ? [item.text] : []))
      : [],
  );
  const directives =
    policy.kind === "text"
      ? policy.text
          .split(";")
          .map((part) => part.trim())
          .filter((part) => part !== "")
      : policy.entries.map(({ key, value }) => directive(key, value));
  if (directives.includes(undefined))
    return unknownValue("the policy is not worked out", [originOf(policy)]);
  const parts = directives.map((part = "") => {
    const name = part.split(" ")[0] ?? "";
    return withNonce.has(name) ? `${part} 'nonce-${NONCE_PLACEHOLDER}'` : part;
  });
  return text(parts.join("; "), originOf(policy));
}

function directive(key: Value, value: Value): string | undefined {
  if (key.kind !== "text") return undefined;
  if (value.kind === "text") return `${key.text} ${value.text}`.trim();
  if (value.kind !== "list") return undefined;
  const sources = value.items.map((item) => (item.kind === "text" ? item.text : undefined));
  return sources.includes(undefined) ? undefined : [key.text, ...sources].join(" ");
}
