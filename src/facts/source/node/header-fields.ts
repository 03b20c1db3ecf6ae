import type { SourceProperty } from "../../source-settings.fact.ts";

/** A response field that checks ask about. */
export interface HeaderField {
  /** As browsers and people write it. */
  readonly field: string;
  /** The last word of its slug. */
  readonly slug: string;
  readonly property: SourceProperty;
}

const FIELDS: readonly HeaderField[] = [
  {
    field: "Strict-Transport-Security",
    slug: "hsts",
    property: "header.strict-transport-security",
  },
  { field: "Content-Security-Policy", slug: "csp", property: "header.content-security-policy" },
  {
    field: "Content-Security-Policy-Report-Only",
    slug: "csp_report_only",
    property: "header.content-security-policy-report-only",
  },
  { field: "X-Frame-Options", slug: "frame_options", property: "header.x-frame-options" },
  { field: "X-Content-Type-Options", slug: "nosniff", property: "header.x-content-type-options" },
  { field: "Referrer-Policy", slug: "referrer_policy", property: "header.referrer-policy" },
  { field: "X-XSS-Protection", slug: "xss_protection", property: "header.x-xss-protection" },
  {
    field: "Permissions-Policy",
    slug: "permissions_policy",
    property: "header.permissions-policy",
  },
  {
    field: "Cross-Origin-Opener-Policy",
    slug: "coop",
    property: "header.cross-origin-opener-policy",
  },
  { field: "Server", slug: "server", property: "header.server" },
  { field: "X-Powered-By", slug: "x_powered_by", property: "header.x-powered-by" },
];

const BY_NAME: ReadonlyMap<string, HeaderField> = new Map(
  FIELDS.map((field) => [field.field.toLowerCase(), field]),
);

/** `undefined` for fields that no check asks about. */
export function headerField(name: string): HeaderField | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** Those whose absence is a fact of its own. */
export const EXPECTED_FIELDS: readonly HeaderField[] = FIELDS.filter(({ slug }) =>
  ["hsts", "csp", "frame_options", "nosniff", "referrer_policy"].includes(slug),
);

/** Rows of fields across origins go by the names that other frameworks' have. */
export const CORS_FIELDS: Readonly<
  Record<string, { readonly slug: string; readonly property: SourceProperty }>
> = {
  "access-control-allow-origin": { slug: "cors.allow_origins", property: "cors.origins" },
  "access-control-allow-credentials": {
    slug: "cors.allow_credentials",
    property: "cors.credentials",
  },
};
