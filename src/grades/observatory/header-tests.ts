import type { PageMeta } from "../../core/http-page.ts";
import { fieldValues, PREFLIGHT_ORIGIN } from "../../core/http-site.ts";
import { parseFrameOptions } from "../../parsers/http/x-frame-options.ts";
import { type ClientAnswer, type ClientView, extraAnswer } from "./client.ts";
import type { CspReading } from "./csp.ts";
import { framingQuirks } from "./csp-quirks.ts";
import { readToken } from "./structured-token.ts";
import { quirksWhere, type Verdict } from "./verdict.ts";

const VALUE_CHARACTERS_MAX = 1024;
const SHORT_VALUE_CHARACTERS_MAX = 256;

export function judgeEmbedderPolicy(answer: ClientAnswer): Verdict<"cross-origin-embedder-policy"> {
  const value = answer.headers.get("cross-origin-embedder-policy") ?? "";
  if (value === "") return { result: "coep-not-implemented", quirks: [] };
  switch (readToken(value.slice(0, VALUE_CHARACTERS_MAX).trim())) {
    case "require-corp":
      return { result: "coep-implemented-with-require-corp", quirks: [] };
    case "credentialless":
      return { result: "coep-implemented-with-credentialless", quirks: [] };
    case "unsafe-none":
      return { result: "coep-implemented-with-unsafe-none", quirks: [] };
    default:
      return { result: "coep-header-invalid", quirks: [] };
  }
}

export function judgeOpenerPolicy(answer: ClientAnswer): Verdict<"cross-origin-opener-policy"> {
  const value = answer.headers.get("cross-origin-opener-policy") ?? "";
  if (value === "") return { result: "coop-not-implemented", quirks: [] };
  switch (readToken(value.slice(0, VALUE_CHARACTERS_MAX).trim())) {
    case "same-origin":
      return { result: "coop-implemented-with-same-origin", quirks: [] };
    case "same-origin-allow-popups":
      return { result: "coop-implemented-with-same-origin-allow-popups", quirks: [] };
    case "noopener-allow-popups":
      return { result: "coop-implemented-with-noopener-allow-popups", quirks: [] };
    case "unsafe-none":
      return { result: "coop-implemented-with-unsafe-none", quirks: [] };
    default:
      return { result: "coop-header-invalid", quirks: [] };
  }
}

const RESOURCE_POLICIES = ["same-site", "same-origin", "cross-origin"];

export function judgeResourcePolicy(answer: ClientAnswer): Verdict<"cross-origin-resource-policy"> {
  const value = answer.headers.get("cross-origin-resource-policy") ?? "";
  const spelled = value.slice(0, SHORT_VALUE_CHARACTERS_MAX).trim();
  const isKnown = RESOURCE_POLICIES.includes(spelled.toLowerCase());
  const quirks = quirksWhere({
    "corp-spelling": isKnown && spelled !== spelled.toLowerCase(),
  });
  switch (spelled.toLowerCase()) {
    case "":
      return { result: "corp-not-implemented", quirks };
    case "same-site":
      return { result: "corp-implemented-with-same-site", quirks };
    case "same-origin":
      return { result: "corp-implemented-with-same-origin", quirks };
    case "cross-origin":
      return { result: "corp-implemented-with-cross-origin", quirks };
    default:
      return { result: "corp-header-invalid", quirks };
  }
}

const PRIVATE_POLICIES = [
  "no-referrer",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
];
const UNSAFE_POLICIES = [
  "origin",
  "origin-when-cross-origin",
  "unsafe-url",
  "no-referrer-when-downgrade",
];

export function judgeReferrerPolicy(answer: ClientAnswer): Verdict<"referrer-policy"> {
  const header = answer.headers.get("referrer-policy");
  const metas = answer.metas.flatMap(referrerOf);
  const quirks = quirksWhere({
    "referrer-meta-words": metas.some((content) => !isPolicy(content.toLowerCase().trim())),
  });
  const values = [header, metas.at(-1)].filter((value) => value !== undefined);
  if (values.length === 0) return { result: "referrer-policy-not-implemented", quirks };
  const last = values
    .join(", ")
    .split(",")
    .map((value) => value.toLowerCase().trim())
    .findLast(isPolicy);
  if (last === undefined) return { result: "referrer-policy-header-invalid", quirks };
  const result = PRIVATE_POLICIES.includes(last)
    ? "referrer-policy-private"
    : "referrer-policy-unsafe";
  return { result, quirks };
}

function isPolicy(value: string): boolean {
  return PRIVATE_POLICIES.includes(value) || UNSAFE_POLICIES.includes(value);
}

/** A meta element with http-equiv and content is read as that, whatever its name. */
function referrerOf({ httpEquiv, name, content }: PageMeta): readonly string[] {
  const isOther = httpEquiv !== undefined && content !== undefined;
  if (isOther || name?.toLowerCase().trim() !== "referrer") return [];
  return content === undefined || content === "" ? [] : [content];
}

export function judgeContentTypeOptions(answer: ClientAnswer): Verdict<"x-content-type-options"> {
  const value = answer.headers.get("x-content-type-options") ?? "";
  if (value === "") return { result: "x-content-type-options-not-implemented", quirks: [] };
  const shown = value.slice(0, SHORT_VALUE_CHARACTERS_MAX).trim().toLowerCase();
  if (shown === "nosniff") return { result: "x-content-type-options-nosniff", quirks: [] };
  const quirks = quirksWhere({ "xcto-repeated": /^nosniff\s*,/.test(shown) });
  return { result: "x-content-type-options-header-invalid", quirks };
}

export function judgeFrameOptions(
  answer: ClientAnswer,
  csp: CspReading,
): Verdict<"x-frame-options"> {
  if (csp.policy?.directives.has("frame-ancestors")) {
    return { result: "x-frame-options-implemented-via-csp", quirks: framingQuirks(csp.texts) };
  }
  const header = answer.headers.get("x-frame-options") ?? "";
  if (header === "") return { result: "x-frame-options-not-implemented", quirks: [] };
  const value = header.slice(0, VALUE_CHARACTERS_MAX).trim().toLowerCase();
  if (value === "deny" || value === "sameorigin") {
    return { result: "x-frame-options-sameorigin-or-deny", quirks: [] };
  }
  if (value.startsWith("allow-from")) {
    return {
      result: "x-frame-options-allow-from-origin",
      quirks: quirksWhere({ "xfo-allow-from": true }),
    };
  }
  // The client joined lines by commas, which separate values as lines do.
  const { effective, values } = parseFrameOptions([value]);
  const isRepeated = new Set(values).size === 1;
  return {
    result: "x-frame-options-header-invalid",
    quirks: quirksWhere({
      "xfo-repeated": isRepeated && effective !== "none",
      "xfo-conflict": !isRepeated && effective === "deny",
    }),
  };
}

export function judgeSharing({
  site,
  judged,
}: ClientView): Verdict<"cross-origin-resource-sharing"> {
  const { extra } = site;
  const isVerified = judged?.isVerified ?? true;
  // After a bad certificate the method has recorded robots.txt as the last page, and asks there.
  const attempt =
    !isVerified && extraAnswer(extra.robots) !== undefined
      ? extra.robotsPreflight
      : extra.preflight;
  const answer = extraAnswer(attempt);
  const isTrusted = !isVerified || answer?.exchange.certificate?.isVerified !== false;
  const headers = isTrusted ? answer?.headers : undefined;
  const allowed = headers?.get("access-control-allow-origin") ?? "";
  const isStatusError = attempt !== undefined && "answer" in attempt && answer === undefined;
  const quirks = quirksWhere({
    "cors-error-status":
      isStatusError && fieldValues(attempt.answer, "access-control-allow-origin").length > 0,
    "cors-get-only": allowed === "" && isSharedByGet(extra.foreignOrigin),
  });
  if (allowed === "") return { result: "cross-origin-resource-sharing-not-implemented", quirks };
  if (allowed.slice(0, SHORT_VALUE_CHARACTERS_MAX).trim() === "*") {
    return { result: "cross-origin-resource-sharing-implemented-with-public-access", quirks };
  }
  return {
    result: "cross-origin-resource-sharing-implemented-with-restricted-access",
    quirks: [...quirks, ...quirksWhere({ "cors-universal": isUniversal(attempt) })],
  };
}

function isSharedByGet(attempt: ClientView["site"]["extra"]["foreignOrigin"]): boolean {
  if (attempt === undefined || !("answer" in attempt)) return false;
  return fieldValues(attempt.answer, "access-control-allow-origin").some((value) => value !== "");
}

function isUniversal(attempt: ClientView["site"]["extra"]["preflight"]): boolean {
  if (attempt === undefined || !("answer" in attempt)) return false;
  const [origin = ""] = fieldValues(attempt.answer, "access-control-allow-origin");
  const [credentials = ""] = fieldValues(attempt.answer, "access-control-allow-credentials");
  return origin === PREFLIGHT_ORIGIN && credentials.trim().toLowerCase() === "true";
}
