import type { TraefikSetting } from "../../parsers/traefik.ts";
import type { FieldChange, Setting, SiteAction } from "../proxy-site.ts";
import { setTo } from "../proxy-tls.ts";
import type { Effect } from "./effects.ts";
import { redirectTo } from "./redirect-to.ts";
import { EVERYTHING } from "./request-matcher.ts";
import { fieldValue } from "./secret-field.ts";

/** Settings by the name of the thing they are about: `middlewares.NAME`, `routers.NAME`. */
export type Named = ReadonlyMap<string, readonly TraefikSetting[]>;

/** Groups `http.<kind>.<name>.*`; the rest of each key stays. */
export function namedSettings(settings: readonly TraefikSetting[], kind: string): Named {
  const prefix = `http.${kind}.`;
  const found = new Map<string, TraefikSetting[]>();
  for (const setting of settings) {
    if (!setting.key.startsWith(prefix)) continue;
    const rest = setting.key.slice(prefix.length);
    const dot = rest.indexOf(".");
    const name = dot === -1 ? rest : rest.slice(0, dot);
    const key = dot === -1 ? "" : rest.slice(dot + 1);
    const list = found.get(name) ?? [];
    list.push({ ...setting, key });
    found.set(name, list);
  }
  return found;
}

/** Values of a list: `key=a,b`, `key.0`, `key.1`. */
export function listOf(settings: readonly TraefikSetting[], key: string): readonly string[] {
  return settings
    .filter((one) => one.key === key || /^\d+$/.test(tailOf(one.key, key)))
    .flatMap(({ value }) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "" && value !== "[]" && value !== "{}");
}

function tailOf(key: string, prefix: string): string {
  return key.startsWith(`${prefix}.`) ? key.slice(prefix.length + 1) : "";
}

/** The name without the provider behind it. */
export function bareName(name: string): string {
  return name.replace(/@.*$/, "").toLowerCase();
}

/** Middlewares of `chain` may name chains. */
const CHAIN_DEPTH_MAX = 8;

/** A list of middlewares with every chain written out, each name once. */
export function unchained(
  names: readonly string[],
  middlewares: Named,
  depth = 0,
): readonly string[] {
  if (depth > CHAIN_DEPTH_MAX) return [];
  return names.map(bareName).flatMap((name) => {
    const chain = listOf(middlewares.get(name) ?? [], "chain.middlewares");
    return chain.length === 0 ? [name] : [name, ...unchained(chain, middlewares, depth + 1)];
  });
}

/** What a middleware does to requests that go on behind it. */
export function middlewareEffects(settings: readonly TraefikSetting[]): readonly Effect[] {
  return [
    ...headerEffects(settings),
    ...limitEffects(settings),
    ...restrictionEffects(settings),
  ].map((effect) => ({ ...effect, matcher: EVERYTHING }) as Effect); // each is one of the kinds
}

/** A redirect by `redirectScheme` or `redirectRegex`; `permanent` is off by itself. */
export function middlewareRedirect(
  settings: readonly TraefikSetting[],
):
  | { readonly action: SiteAction; readonly at: TraefikSetting; readonly pattern?: string }
  | undefined {
  const value = (key: string) => settings.findLast((one) => one.key === key);
  const scheme = value("redirectscheme.scheme");
  const isPermanent = (kind: string) => value(`${kind}.permanent`)?.value.toLowerCase() === "true";
  if (scheme !== undefined) {
    const isToHttps = scheme.value.toLowerCase() === "https";
    const status = isPermanent("redirectscheme") ? 301 : 302;
    const location = `${scheme.value}://{host}{uri}`;
    return { action: { kind: "redirect", status, location, isToHttps }, at: scheme };
  }
  const regex = value("redirectregex.regex");
  const replacement = value("redirectregex.replacement");
  if (regex === undefined || replacement === undefined) return undefined;
  const status = isPermanent("redirectregex") ? 301 : 302;
  return { action: redirectTo(replacement.value, status), at: regex, pattern: regex.value };
}

type Bare = Omit<Effect, "matcher"> & Record<string, unknown>;

function headerEffects(settings: readonly TraefikSetting[]): readonly Bare[] {
  const value = (key: string) => settings.findLast((one) => one.key === `headers.${key}`);
  const isOn = (key: string) => value(key)?.value.toLowerCase() === "true";
  const seconds = value("stsseconds");
  const sts =
    seconds === undefined || Number(seconds.value) <= 0
      ? []
      : [
          {
            kind: "response" as const,
            change: {
              name: "strict-transport-security",
              change: "set" as const,
              value: [
                `max-age=${seconds.value}`,
                ...(isOn("stsincludesubdomains") ? ["includeSubDomains"] : []),
                ...(isOn("stspreload") ? ["preload"] : []),
              ].join("; "),
              scope: "always" as const,
              ...(isOn("forcestsheader") ? {} : { scheme: "https" as const }),
              file: seconds.file,
              line: seconds.line,
            },
          },
        ];
  return [
    ...sts,
    ...namedFields(value),
    ...customFields(settings, "customresponseheaders", "response"),
    ...customFields(settings, "customrequestheaders", "request"),
  ];
}

/** Fields that Traefik has options of their own for ("Headers", general options); where two set one, the later row wins. */
const FIELD_OPTIONS: readonly (readonly [option: string, field: string, value?: string])[] = [
  ["framedeny", "x-frame-options", "DENY"],
  ["customframeoptionsvalue", "x-frame-options"],
  ["contenttypenosniff", "x-content-type-options", "nosniff"],
  ["browserxssfilter", "x-xss-protection", "1; mode=block"],
  ["custombrowserxssvalue", "x-xss-protection"],
  ["contentsecuritypolicy", "content-security-policy"],
  ["contentsecuritypolicyreportonly", "content-security-policy-report-only"],
  ["referrerpolicy", "referrer-policy"],
  ["permissionspolicy", "permissions-policy"],
];

function namedFields(value: (key: string) => TraefikSetting | undefined): readonly Bare[] {
  return FIELD_OPTIONS.flatMap(([option, name, fixed]): readonly Bare[] => {
    const found = value(option);
    const isOff = fixed === undefined ? found?.value === "" : found?.value.toLowerCase() !== "true";
    if (found === undefined || isOff) return [];
    const { file, line } = found;
    const scope = "always" as const;
    const change = { name, change: "set" as const, ...fieldValue(name, fixed ?? found.value) };
    return [{ kind: "response", change: { ...change, scope, file, line } }];
  });
}

/** An empty value takes the field away. */
function customFields(
  settings: readonly TraefikSetting[],
  key: string,
  kind: "response" | "request",
): readonly Bare[] {
  const prefix = `headers.${key}.`;
  return settings
    .filter((one) => one.key.startsWith(prefix))
    .map(({ key: whole, value, file, line }) => {
      const name = whole.slice(prefix.length);
      const change: FieldChange = {
        name,
        change: value === "" ? "remove" : "set",
        ...(value !== "" && fieldValue(name, value)),
        scope: "always",
        file,
        line,
      };
      return { kind, change };
    });
}

function limitEffects(settings: readonly TraefikSetting[]): readonly Bare[] {
  const found = (key: string) => settings.findLast((one) => one.key === key);
  const rate = found("ratelimit.average") ?? found("inflightreq.amount");
  const body = found("buffering.maxrequestbodybytes");
  return [
    ...(rate === undefined || Number(rate.value) <= 0
      ? []
      : [
          {
            kind: "limit" as const,
            limit: { key: rate.key, isDryRun: false, file: rate.file, line: rate.line },
          },
        ]),
    ...(body === undefined ? [] : [{ kind: "body" as const, max: bodyMax(body) }]),
  ];
}

function bodyMax(setting: TraefikSetting): Setting<number | "unlimited"> {
  const bytes = Number(setting.value);
  const isLimit = Number.isInteger(bytes) && bytes > 0;
  return setTo(isLimit ? bytes : "unlimited", `maxRequestBodyBytes: ${setting.value}`, setting);
}

/** Middlewares that let nobody in without something (Traefik documentation, "Middlewares"). */
const GUARDS: ReadonlyMap<string, "password" | "other" | "address" | "client-certificate"> =
  new Map([
    ["basicauth", "password"],
    ["digestauth", "password"],
    ["forwardauth", "other"],
    ["plugin", "other"],
    ["ipallowlist", "address"],
    ["ipwhitelist", "address"],
  ]);

function restrictionEffects(settings: readonly TraefikSetting[]): readonly Bare[] {
  const kinds = new Set(settings.map(({ key }) => key.split(".", 1)[0] ?? ""));
  return [...kinds].flatMap((name): readonly Bare[] => {
    const kind = GUARDS.get(name);
    const at = settings.find(({ key }) => key === name || key.startsWith(`${name}.`));
    if (kind === undefined || at === undefined) return [];
    if (name === "plugin" && !/auth|oidc|jwt|crowdsec|allow/i.test(at.key)) return [];
    const text = kind === "address" ? listOf(settings, `${name}.sourcerange`).join(" ") : name;
    return [{ kind: "restriction", restriction: { kind, text, file: at.file, line: at.line } }];
  });
}
