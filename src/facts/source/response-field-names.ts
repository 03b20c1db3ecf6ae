import type { SourceProperty } from "../source-settings.fact.ts";

export interface ResponseField {
  readonly slug: string;
  readonly property: SourceProperty;
  /** As it is written. */
  readonly shown: string;
  /** Its absence is told as well. */
  readonly isExpected: boolean;
}

/** Fields of answers that checks judge, by their names in lower case. */
export const RESPONSE_FIELDS: Readonly<Record<string, ResponseField>> = {
  "strict-transport-security": {
    slug: "headers.hsts",
    property: "header.strict-transport-security",
    shown: "Strict-Transport-Security",
    isExpected: true,
  },
  "content-security-policy": {
    slug: "headers.csp",
    property: "header.content-security-policy",
    shown: "Content-Security-Policy",
    isExpected: true,
  },
  "content-security-policy-report-only": {
    slug: "headers.csp-report-only",
    property: "header.content-security-policy-report-only",
    shown: "Content-Security-Policy-Report-Only",
    isExpected: false,
  },
  "x-frame-options": {
    slug: "headers.xfo",
    property: "header.x-frame-options",
    shown: "X-Frame-Options",
    isExpected: true,
  },
  "x-content-type-options": {
    slug: "headers.nosniff",
    property: "header.x-content-type-options",
    shown: "X-Content-Type-Options",
    isExpected: true,
  },
  "referrer-policy": {
    slug: "headers.referrer",
    property: "header.referrer-policy",
    shown: "Referrer-Policy",
    isExpected: true,
  },
  "x-xss-protection": {
    slug: "headers.xss",
    property: "header.x-xss-protection",
    shown: "X-XSS-Protection",
    isExpected: true,
  },
  "permissions-policy": {
    slug: "headers.permissions",
    property: "header.permissions-policy",
    shown: "Permissions-Policy",
    isExpected: false,
  },
  "cross-origin-opener-policy": {
    slug: "headers.coop",
    property: "header.cross-origin-opener-policy",
    shown: "Cross-Origin-Opener-Policy",
    isExpected: false,
  },
  "access-control-allow-origin": {
    slug: "cors.allow_origins",
    property: "cors.origins",
    shown: "Access-Control-Allow-Origin",
    isExpected: false,
  },
  "access-control-allow-credentials": {
    slug: "cors.allow_credentials",
    property: "cors.credentials",
    shown: "Access-Control-Allow-Credentials",
    isExpected: false,
  },
  server: { slug: "headers.server", property: "header.server", shown: "Server", isExpected: false },
  "x-powered-by": {
    slug: "headers.powered-by",
    property: "header.x-powered-by",
    shown: "X-Powered-By",
    isExpected: false,
  },
};

export function isFieldName(name: string): boolean {
  return Object.hasOwn(RESPONSE_FIELDS, name);
}
