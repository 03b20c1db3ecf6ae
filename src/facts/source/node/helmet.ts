import {
  type ScriptValue,
  scriptNone,
  scriptText,
  scriptTruth,
  scriptUnknown,
  withScriptOrigins,
} from "../../../parsers/javascript/script-value.ts";
import { absentRow, majorOf, type NodeApplication } from "./application.ts";
import { headerField } from "./header-fields.ts";
import { openCondition } from "./headers.ts";
import { defaultPolicy, directivesPolicy } from "./helmet-policy.ts";
import { firstOption, type Option, optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { calleePath, conditionsOf, type ScriptCall, valuesOf } from "./run.ts";

interface Part {
  readonly field: string;
  /** Names of its option and of its function, new and old. */
  readonly names: readonly string[];
  readonly valueOf: (options: ScriptValue | undefined, major: number) => ScriptValue;
  /** Whether it is on without being asked for. */
  readonly isDefault: (major: number) => boolean;
}

/** Helmet 8 (readme, "Reference"); 3 to 7 where they differ (changelog). */
const LATEST_MAJOR = 8;
const ALWAYS = (): boolean => true;

const REPORTING_FIELD = "Content-Security-Policy-Report-Only";

const PARTS: readonly Part[] = [
  {
    field: "Content-Security-Policy",
    names: ["contentSecurityPolicy"],
    valueOf: policyOf,
    isDefault: (major) => major >= 4,
  },
  {
    field: "Strict-Transport-Security",
    names: ["strictTransportSecurity", "hsts"],
    valueOf: hstsOf,
    isDefault: ALWAYS,
  },
  {
    field: "X-Frame-Options",
    names: ["xFrameOptions", "frameguard"],
    valueOf: (options) => worded(options, "action", "sameorigin", (word) => word.toUpperCase()),
    isDefault: ALWAYS,
  },
  {
    field: "X-Content-Type-Options",
    names: ["xContentTypeOptions", "noSniff"],
    valueOf: () => scriptText("nosniff"),
    isDefault: ALWAYS,
  },
  {
    field: "Referrer-Policy",
    names: ["referrerPolicy"],
    valueOf: (options) => worded(options, "policy", "no-referrer", (word) => word),
    isDefault: (major) => major >= 4,
  },
  {
    field: "X-XSS-Protection",
    names: ["xXssProtection", "xssFilter"],
    valueOf: (_options, major) => scriptText(major >= 4 ? "0" : "1; mode=block"),
    isDefault: ALWAYS,
  },
  {
    field: "Cross-Origin-Opener-Policy",
    names: ["crossOriginOpenerPolicy"],
    valueOf: (options) => worded(options, "policy", "same-origin", (word) => word),
    isDefault: (major) => major >= 5,
  },
  {
    field: "X-Powered-By",
    names: ["xPoweredBy", "hidePoweredBy"],
    valueOf: () => scriptNone(),
    isDefault: ALWAYS,
  },
];

/** Packages that are Helmet, and which major of it their own major stands for. */
const PACKAGES: Readonly<Record<string, (major: number) => number>> = {
  helmet: (major) => major,
  // Its own major was Helmet's plus two; since 7.1 Helmet is asked for beside it (package.json).
  "koa-helmet": (major) => (major >= 8 ? LATEST_MAJOR : major === 7 ? 6 : major - 2),
  "@fastify/helmet": (major) => Math.min(LATEST_MAJOR, major - 4),
  "fastify-helmet": () => 4,
};

/** Packages that are one part of it. */
const PART_PACKAGES: Readonly<Record<string, string>> = {
  hsts: "hsts",
  frameguard: "frameguard",
  "dont-sniff-mimetype": "noSniff",
  "hide-powered-by": "hidePoweredBy",
  "referrer-policy": "referrerPolicy",
  "helmet-csp": "contentSecurityPolicy",
  "x-xss-protection": "xssFilter",
};

/** What Helmet sets, and that it is not there. */
export function helmetRows(application: NodeApplication): readonly ScriptRow[] {
  const rows = application.run.calls.flatMap((call) => ofCall(application, call));
  const slug = `${application.framework}.helmet`;
  if (rows.some((row) => row.slug === slug)) return rows;
  return [...rows, absentRow(application, { slug, name: "helmet", value: scriptText("none") })];
}

function ofCall(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const given = handedOver(application, call);
  if (given === undefined) return [];
  const { path, options } = given;
  const [name = "", part] = splitPath(path);
  const own = Object.hasOwn(PART_PACKAGES, name) ? PART_PACKAGES[name] : undefined;
  const isHelmet = Object.hasOwn(PACKAGES, name);
  if (!isHelmet && own === undefined) return [];
  const major = PACKAGES[name]?.(majorOf(application.run, name) ?? LATEST_MAJOR) ?? LATEST_MAJOR;
  const at = { application, call, major };
  const wanted = own ?? part;
  if (wanted === undefined || wanted === "helmet") return wholeRows(at, options);
  const found = PARTS.find(({ names }) => names.includes(wanted));
  return found === undefined ? [] : [toldRow(at, found, options)];
}

/** `helmet(options)`, or `fastify.register(helmet, options)`. */
function handedOver(
  { run }: NodeApplication,
  call: ScriptCall,
): { readonly path: string; readonly options: ScriptValue | undefined } | undefined {
  if (call.method === "register") {
    const [plugin, options] = valuesOf(run.live, call);
    return plugin?.kind === "external" ? { path: plugin.path, options } : undefined;
  }
  const path = calleePath(run, call);
  if (path === undefined || !/^(?:@?[\w/-]*helmet|[\w-]+)(?:\.\w+)*$/.test(path)) return undefined;
  const [name = ""] = splitPath(path);
  if (!Object.hasOwn(PACKAGES, name) && !Object.hasOwn(PART_PACKAGES, name)) return undefined;
  return { path, options: valuesOf(run.live, call)[0] };
}

function splitPath(path: string): readonly string[] {
  return path.split(".").slice(0, 2);
}

interface At {
  readonly application: NodeApplication;
  readonly call: ScriptCall;
  readonly major: number;
}

function wholeRows(at: At, options: ScriptValue | undefined): readonly ScriptRow[] {
  const { application, call, major } = at;
  const { framework } = application;
  const own: ScriptRow = {
    slug: `${framework}.helmet`,
    framework,
    name: "helmet",
    place: call.place,
    value:
      options?.kind === "object"
        ? scriptText([...options.members.keys()].join(", "))
        : scriptText("defaults"),
    conditions: conditionsOf(application.run, call.site),
  };
  return [
    own,
    ...PARTS.flatMap((part) => switchedRow(at, part, firstOption(options, part.names), major)),
  ];
}

/** One part of `helmet({…})`: false switches it off, true and nothing leave its default. */
function switchedRow(at: At, part: Part, option: Option, major: number): readonly ScriptRow[] {
  if (option.state === "absent")
    return part.isDefault(major) ? [partRow(at, part, part.valueOf(undefined, major))] : [];
  if (option.state === "open") return [partRow(at, part, option.value)];
  const { value, place } = option;
  const truth = scriptTruth(value);
  if (truth === undefined) return [{ ...partRow(at, part, asUnknown(value)), place }];
  if (!truth) {
    // What hides a field and is switched off leaves it there.
    return part.field === "X-Powered-By"
      ? []
      : [{ ...partRow(at, part, withScriptOrigins(scriptNone(), [value])), place }];
  }
  const row = toldRow(at, part, value);
  return [{ ...row, value: withScriptOrigins(row.value, [value]), place }];
}

/** A policy that is asked to report only is sent as another field, and blocks nothing. */
function toldRow(at: At, part: Part, options: ScriptValue | undefined): ScriptRow {
  const told = part.valueOf(options, at.major);
  const option = optionOf(options, "reportOnly");
  if (part.field !== "Content-Security-Policy" || option.state !== "given")
    return partRow(at, part, told);
  const isReporting = scriptTruth(option.value);
  // Up to Helmet 3 a function may decide for each request.
  const isOpenChoice = isReporting === undefined || option.value.kind === "function";
  if (isOpenChoice) return partRow(at, part, asUnknown(option.value));
  const field = isReporting ? REPORTING_FIELD : part.field;
  return partRow(at, { field }, withScriptOrigins(told, [option.value]));
}

function asUnknown(value: ScriptValue): ScriptValue {
  const reason = value.kind === "unknown" ? value.reason : "it is only known at run time";
  return scriptUnknown(reason, value);
}

function partRow(
  { application, call }: At,
  { field }: Pick<Part, "field">,
  value: ScriptValue,
): ScriptRow {
  const { framework, run, registrations } = application;
  const known = headerField(field);
  const below = registrations.get(call.node)?.below;
  return {
    slug: `${framework}.${known?.slug ?? "header"}`,
    ...(known === undefined ? {} : { property: known.property }),
    framework,
    name: field,
    place: call.place,
    value,
    conditions: [
      ...conditionsOf(run, call.site),
      ...(below === undefined ? [] : [openCondition(`only below ${below}`)]),
    ],
  };
}

const YEAR_SECONDS = 31_536_000;
const HALF_YEAR_SECONDS = 15_552_000;

function hstsOf(options: ScriptValue | undefined, major: number): ScriptValue {
  const [age, subdomains, preload] = ["maxAge", "includeSubDomains", "preload"].map((name) =>
    optionOf(options, name),
  );
  const open = [age, subdomains, preload].find(
    (option) => option?.state === "open" || (option?.state === "given" && isOpen(option.value)),
  );
  if (open !== undefined && open.state !== "absent") return asUnknown(open.value);
  const fallback = major >= LATEST_MAJOR ? YEAR_SECONDS : HALF_YEAR_SECONDS;
  const seconds =
    age?.state === "given" && age.value.kind === "number" ? age.value.number : fallback;
  const words = [
    `max-age=${Math.round(seconds)}`,
    ...(isOn(subdomains, true) ? ["includeSubDomains"] : []),
    ...(isOn(preload, false) ? ["preload"] : []),
  ];
  const from = [age, subdomains, preload].flatMap((option) =>
    option?.state === "given" ? [option.value] : [],
  );
  return withScriptOrigins(scriptText(words.join("; ")), from);
}

function isOpen(value: ScriptValue): boolean {
  return value.kind === "unknown" || value.kind === "external";
}

function isOn(option: Option | undefined, fallback: boolean): boolean {
  if (option?.state !== "given" || option.value.kind === "none") return fallback;
  return scriptTruth(option.value) ?? fallback;
}

function worded(
  options: ScriptValue | undefined,
  name: string,
  fallback: string,
  write: (word: string) => string,
): ScriptValue {
  const option = optionOf(options, name);
  if (option.state === "absent") return scriptText(write(fallback));
  const { value } = option;
  if (value.kind === "list" && !value.isOpen)
    return withScriptOrigins(
      scriptText(value.items.map((item) => (item.kind === "text" ? item.text : "")).join(",")),
      [value],
    );
  return value.kind === "text" ? scriptText(write(value.text), value.origin) : asUnknown(value);
}

function policyOf(options: ScriptValue | undefined, major: number): ScriptValue {
  const directives = optionOf(options, "directives");
  if (directives.state === "absent") return scriptText(defaultPolicy());
  const defaults = optionOf(options, "useDefaults");
  const isUsed = major >= 5 && isOn(defaults, true);
  return directives.state === "open"
    ? asUnknown(directives.value)
    : directivesPolicy(directives.value, isUsed);
}
