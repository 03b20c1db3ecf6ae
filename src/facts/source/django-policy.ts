import { NONCE_PLACEHOLDER } from "../../parsers/csp/suggest.ts";
import type { Binding, Value } from "../../parsers/python/value.ts";

/** What django-csp and Django 6 call the keywords of a policy. */
const CONSTANTS: Readonly<Record<string, string>> = {
  SELF: "'self'",
  NONE: "'none'",
  NONCE: `'nonce-${NONCE_PLACEHOLDER}'`,
  UNSAFE_INLINE: "'unsafe-inline'",
  UNSAFE_EVAL: "'unsafe-eval'",
  UNSAFE_HASHES: "'unsafe-hashes'",
  STRICT_DYNAMIC: "'strict-dynamic'",
  REPORT_SAMPLE: "'report-sample'",
  WASM_UNSAFE_EVAL: "'wasm-unsafe-eval'",
};
const CONSTANT = /^(?:csp\.constants|django\.utils\.csp(?:\.CSP)?)\.([A-Z_]+)$/;

/** A setting that makes a policy, with the text it comes to; `undefined` for what is not known. */
export interface DjangoPolicy {
  readonly binding: Binding;
  readonly isReportOnly: boolean;
  readonly text: string | undefined;
}

export const CSP_MIDDLEWARE: ReadonlySet<string> = new Set([
  "csp.middleware.CSPMiddleware",
  "django.middleware.csp.ContentSecurityPolicyMiddleware",
]);

const WHOLE = ["CONTENT_SECURITY_POLICY", "SECURE_CSP"];

/** The policies of django-csp 3 (`CSP_DEFAULT_SRC`) and 4 (`CONTENT_SECURITY_POLICY`), and of Django 6 (`SECURE_CSP`). */
export function djangoPolicies(bindings: ReadonlyMap<string, Binding>): readonly DjangoPolicy[] {
  const whole = WHOLE.flatMap((name) => [
    ...policyOf(bindings.get(name), false),
    ...policyOf(bindings.get(`${name}_REPORT_ONLY`), true),
  ]);
  return whole.length > 0 ? whole : byDirective(bindings);
}

function policyOf(binding: Binding | undefined, isReportOnly: boolean): readonly DjangoPolicy[] {
  if (binding === undefined) return [];
  const directives = entryOf(binding.value, "DIRECTIVES") ?? binding.value;
  return [{ binding, isReportOnly, text: textOf(directives) }];
}

function entryOf(value: Value, key: string): Value | undefined {
  if (value.kind !== "dict") return undefined;
  return value.entries.findLast((entry) => entry.key.kind === "text" && entry.key.text === key)
    ?.value;
}

function textOf(directives: Value): string | undefined {
  if (directives.kind !== "dict") return undefined;
  const parts = directives.entries.map(({ key, value }) =>
    key.kind === "text" ? directive(key.text, value) : undefined,
  );
  return parts.includes(undefined) ? undefined : parts.filter((part) => part !== "").join("; ");
}

/** `script-src 'self' 'nonce-…'`; nothing for a directive that is switched off. */
function directive(name: string, value: Value): string | undefined {
  switch (value.kind) {
    case "none":
      return "";
    case "boolean":
      return value.value ? name : "";
    case "list": {
      const sources = value.items.map(sourceOf);
      return sources.includes(undefined) ? undefined : [name, ...sources].join(" ");
    }
    default: {
      const source = sourceOf(value);
      return source === undefined ? undefined : `${name} ${source}`;
    }
  }
}

function sourceOf(value: Value): string | undefined {
  if (value.kind === "text") return value.text;
  const constant = value.kind === "external" ? CONSTANT.exec(value.path)?.[1] : undefined;
  return constant !== undefined && Object.hasOwn(CONSTANTS, constant)
    ? CONSTANTS[constant]
    : undefined;
}

const DIRECTIVE =
  /^CSP_((?:[A-Z]+_)*(?:SRC|ELEM|ATTR)|BASE_URI|FORM_ACTION|FRAME_ANCESTORS|SANDBOX|REPORT_URI|REPORT_TO|UPGRADE_INSECURE_REQUESTS)$/;

/** django-csp 3; what it sends when no directive is set is `default-src 'self'`. */
function byDirective(bindings: ReadonlyMap<string, Binding>): readonly DjangoPolicy[] {
  const found = [...bindings].flatMap(([name, binding]) => {
    const words = DIRECTIVE.exec(name)?.[1];
    return words === undefined ? [] : [{ name: words.toLowerCase().replaceAll("_", "-"), binding }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const own = found.map(({ name, binding }) => directive(name, binding.value));
  const isDefaultSet = found.some(({ name }) => name === "default-src");
  const parts = [...(isDefaultSet ? [] : ["default-src 'self'"]), ...own];
  const reporting = bindings.get("CSP_REPORT_ONLY")?.value;
  return [
    {
      binding: first.binding,
      isReportOnly: reporting?.kind === "boolean" && reporting.value,
      text: parts.includes(undefined) ? undefined : parts.filter((each) => each !== "").join("; "),
    },
  ];
}
