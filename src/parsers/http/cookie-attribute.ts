import { parseCookieDate } from "./cookie-date.ts";
import { type FieldSpan, type ProblemList, quoted } from "./field.ts";

export interface CookieAttribute extends FieldSpan {
  readonly name: string;
  /** As written, blanks taken off; empty where there is none. */
  readonly value: string;
}

/** What the attributes of a cookie come to: draft-ietf-httpbis-rfc6265bis-20 section 5.6. */
export interface CookieSettings {
  /** Seconds since 1970, from the last valid Expires. */
  readonly expiresAt?: number;
  /** From the last valid Max-Age, which goes before Expires; negative and zero delete the cookie. */
  readonly maxAgeSeconds?: number;
  /** In lower case, without a leading dot; absent where the attribute is missing or empty: this host only. */
  readonly domain?: string;
  /** Absent where the attribute is missing or does not start with a slash. */
  readonly path?: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** `default` where the attribute is missing or has no known value; browsers then take Lax or None. */
  readonly sameSite: "strict" | "lax" | "none" | "default";
  readonly partitioned: boolean;
  readonly priority?: "low" | "medium" | "high";
}

/** Bytes of an attribute's value; a longer one is ignored (section 5.6 step 12). */
export const ATTRIBUTE_LENGTH_MAX = 1024;

type Settings = { -readonly [K in keyof CookieSettings]: CookieSettings[K] };

/** Reads one attribute into the settings; returns the rule that its value breaks, if any. */
type Apply = (value: string, settings: Settings) => string | undefined;

const ATTRIBUTES: Readonly<Record<string, Apply>> = {
  secure: (_, settings) => {
    settings.secure = true;
    return undefined;
  },
  httponly: (_, settings) => {
    settings.httpOnly = true;
    return undefined;
  },
  partitioned: (_, settings) => {
    settings.partitioned = true;
    return undefined;
  },
  samesite: (written, settings) => {
    const value = written.toLowerCase();
    const isKnown = value === "strict" || value === "lax" || value === "none";
    settings.sameSite = isKnown ? value : "default";
    return isKnown ? undefined : "bad-samesite";
  },
  "max-age": (value, settings) => {
    if (!/^-?\d+$/.test(value)) return "bad-max-age";
    const seconds = Math.min(Number.MAX_SAFE_INTEGER, Number(value));
    settings.maxAgeSeconds = Math.max(Number.MIN_SAFE_INTEGER, seconds);
    return undefined;
  },
  expires: (value, settings) => {
    const at = parseCookieDate(value);
    if (at === undefined) return "bad-expires";
    settings.expiresAt = at;
    return undefined;
  },
  domain: (value, settings) => {
    const domain = value.replace(/^\./, "").toLowerCase();
    if (domain === "") delete settings.domain;
    else settings.domain = domain;
    return domain === "" ? "bad-domain" : undefined;
  },
  path: (value, settings) => {
    if (value.startsWith("/")) settings.path = value;
    else delete settings.path;
    return value.startsWith("/") ? undefined : "bad-path";
  },
  priority: (written, settings) => {
    const value = written.toLowerCase();
    if (value !== "low" && value !== "medium" && value !== "high") return "bad-priority";
    settings.priority = value;
    return undefined;
  },
};

/** The last of several attributes of one name counts. */
export function readSettings(
  attributes: readonly CookieAttribute[],
  problems: ProblemList,
): CookieSettings {
  const settings: Settings = {
    secure: false,
    httpOnly: false,
    sameSite: "default",
    partitioned: false,
  };
  const seen = new Set<string>();
  for (const attribute of attributes) {
    const { name, value } = attribute;
    if (name === "" && value === "") continue;
    if (value.length > ATTRIBUTE_LENGTH_MAX) {
      problems.add("attribute-too-long", `${quoted(name)} is too long and ignored`, attribute);
      continue;
    }
    if (seen.has(name))
      problems.add(
        "repeated-attribute",
        `${quoted(name)} occurs again, the last counts`,
        attribute,
      );
    seen.add(name);
    apply(attribute, settings, problems);
  }
  return settings;
}

function apply(attribute: CookieAttribute, settings: Settings, problems: ProblemList): void {
  const { name, value } = attribute;
  const known = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
  if (known === undefined) {
    problems.add("unknown-attribute", `${quoted(name)} is unknown`, attribute);
    return;
  }
  const wrong = known(value, settings);
  if (wrong !== undefined) problems.add(wrong, `${quoted(value)} is no ${name}`, attribute);
}
