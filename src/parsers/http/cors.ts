import {
  boundedFields,
  type FieldProblem,
  type FieldSpan,
  listMembers,
  problemList,
  quoted,
} from "./field.ts";

/** The header fields of CORS by name; each holds its lines in wire order. */
export interface CorsFields {
  readonly "access-control-allow-origin"?: readonly string[];
  readonly "access-control-allow-credentials"?: readonly string[];
  readonly "access-control-allow-methods"?: readonly string[];
  readonly "access-control-allow-headers"?: readonly string[];
  readonly "access-control-expose-headers"?: readonly string[];
  readonly "access-control-max-age"?: readonly string[];
  readonly "access-control-allow-private-network"?: readonly string[];
  readonly vary?: readonly string[];
}
export type CorsFieldName = keyof CorsFields;

export interface CorsProblem extends FieldProblem {
  readonly header: CorsFieldName;
}

/** What a response lets other origins do, read as the Fetch standard (2026) section 3.3 and 4.10 does. */
export interface CorsHeaders {
  /** `*`, `null` or an origin as written; `invalid` where browsers match nothing; absent without the header. */
  readonly allowOrigin?:
    | { readonly kind: "any" }
    | { readonly kind: "null" }
    | { readonly kind: "origin"; readonly origin: string }
    | { readonly kind: "invalid" };
  /** Only the exact word `true` counts. */
  readonly allowCredentials: boolean;
  readonly allowMethods: readonly string[];
  /** In lower case. */
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
  /** Caches keep answers to different origins apart. */
  readonly variesByOrigin: boolean;
  readonly problems: readonly CorsProblem[];
}

/** Parses the fields of one response; `origin` is the Origin that was sent with the request, if any. */
export function parseCors(fields: CorsFields, origin?: string): CorsHeaders {
  const problems: CorsProblem[] = [];
  const add = (header: CorsFieldName, rule: string, message: string, span?: FieldSpan): void => {
    const { field, offset, length } = span ?? { field: 0, offset: 0, length: 0 };
    problems.push({ header, rule, message, field, offset, length });
  };
  const allowOrigin = readOrigin(fields["access-control-allow-origin"] ?? [], add);
  const allowCredentials = readCredentials(fields["access-control-allow-credentials"] ?? [], add);
  const list = (name: CorsFieldName): readonly string[] =>
    listMembers(boundedFields(fields[name] ?? [], problemList())).map(({ text }) => text);
  const vary = list("vary").map((text) => text.toLowerCase());
  const variesByOrigin = vary.includes("origin") || vary.includes("*");
  const maxAgeSeconds = readMaxAge(fields["access-control-max-age"] ?? [], add);
  const headers: CorsHeaders = {
    ...(allowOrigin === undefined ? {} : { allowOrigin }),
    allowCredentials,
    allowMethods: list("access-control-allow-methods"),
    allowHeaders: list("access-control-allow-headers").map((text) => text.toLowerCase()),
    exposeHeaders: list("access-control-expose-headers").map((text) => text.toLowerCase()),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    variesByOrigin,
    problems,
  };
  relate(headers, origin, add);
  return headers;
}

type Add = (header: CorsFieldName, rule: string, message: string, span?: FieldSpan) => void;

function readOrigin(values: readonly string[], add: Add): CorsHeaders["allowOrigin"] {
  const header = "access-control-allow-origin";
  const fields = boundedFields(values, problemList());
  const [first] = fields;
  if (first === undefined) return undefined;
  if (fields.length > 1) {
    add(
      header,
      "repeated",
      `the header is sent ${fields.length} times and matches no origin`,
      fields[1],
    );
    return { kind: "invalid" };
  }
  const value = first.text.trim();
  if (value === "*") return { kind: "any" };
  if (value === "null") return { kind: "null" };
  const url = URL.parse(value);
  if (url !== null && url.origin === value) return { kind: "origin", origin: value };
  add(header, "invalid-origin", `${quoted(value)} is no origin and matches none`, first);
  return { kind: "invalid" };
}

function readCredentials(values: readonly string[], add: Add): boolean {
  const [first] = boundedFields(values, problemList());
  if (first === undefined) return false;
  const isTrue = values.length === 1 && first.text.trim() === "true";
  if (!isTrue)
    add(
      "access-control-allow-credentials",
      "invalid-credentials",
      `${quoted(values.join(", "))} is not true and ignored`,
      first,
    );
  return isTrue;
}

function readMaxAge(values: readonly string[], add: Add): number | undefined {
  const [first] = boundedFields(values, problemList());
  if (first === undefined) return undefined;
  if (/^-?\d+$/.test(first.text.trim())) return Number(first.text);
  add(
    "access-control-max-age",
    "bad-max-age",
    `${quoted(first.text)} is no number of seconds`,
    first,
  );
  return undefined;
}

/** What the fields mean together. */
function relate(headers: CorsHeaders, origin: string | undefined, add: Add): void {
  const { allowOrigin, allowCredentials, variesByOrigin } = headers;
  if (allowOrigin === undefined) {
    if (allowCredentials)
      add(
        "access-control-allow-credentials",
        "credentials-without-origin",
        "credentials are allowed to no origin",
      );
    return;
  }
  if (allowOrigin.kind === "any" && allowCredentials)
    add(
      "access-control-allow-origin",
      "any-with-credentials",
      "* together with credentials is refused by browsers",
    );
  const isReflected =
    origin !== undefined && allowOrigin.kind === "origin" && allowOrigin.origin === origin;
  if (isReflected && !variesByOrigin)
    add(
      "vary",
      "vary-missing",
      "the origin sent is answered, yet Vary does not name Origin, so that caches mix answers",
    );
  const lists = [
    ["access-control-allow-methods", headers.allowMethods],
    ["access-control-allow-headers", headers.allowHeaders],
    ["access-control-expose-headers", headers.exposeHeaders],
  ] as const;
  for (const [name, list] of lists) {
    if (allowCredentials && list.includes("*"))
      add(
        name,
        "wildcard-with-credentials",
        `* in ${name} is literal where credentials are allowed`,
      );
  }
}

/** Whether a browser lets a page of `origin` read the answer (Fetch standard section 4.10, "CORS check"). */
export function allowsCorsRead(
  { allowOrigin, allowCredentials }: CorsHeaders,
  origin: string,
  withCredentials: boolean,
): boolean {
  if (allowOrigin === undefined || allowOrigin.kind === "invalid") return false;
  if (!withCredentials && allowOrigin.kind === "any") return true;
  const matches =
    allowOrigin.kind === "origin"
      ? allowOrigin.origin === origin
      : allowOrigin.kind === "null" && origin === "null";
  return matches && (!withCredentials || allowCredentials);
}
