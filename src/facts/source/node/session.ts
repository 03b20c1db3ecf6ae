import {
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptNumber,
  scriptUnknown,
} from "../../../parsers/javascript/script-value.ts";
import type { NodeApplication } from "./application.ts";
import { assignedMember } from "./assigned.ts";
import { secureOf, type Told } from "./connection-secure.ts";
import { conditionsOfCall, type LibraryCall, libraryCalls } from "./library-calls.ts";
import { firstOption, withDefault } from "./options.ts";
import type { ScriptRow } from "./row.ts";

/** How one session package is given its cookie, and what it does without. */
interface SessionPackage {
  /** Before the option's own name: `cookie.` of express-session. */
  readonly prefix: string;
  /** Which argument holds the options. */
  readonly index: number;
  /** Secure without being told: of the connection ("auto"), or as written. */
  readonly secure: boolean | "auto";
  readonly lifetimeSeconds: number | null;
  /** Options that hold the signing key. */
  readonly secrets: readonly string[];
  readonly name: string;
  readonly nameOptions: readonly string[];
  readonly slug: string;
}

const DAY_SECONDS = 86_400;

/**
 * express-session (readme, "cookie"), cookie-session and koa-session (readme, on the package
 * `cookies`, which marks a cookie as secure by the connection), @fastify/session (readme).
 */
const PACKAGES: Readonly<Record<string, SessionPackage>> = {
  "express-session": {
    prefix: "cookie.",
    index: 0,
    secure: false,
    lifetimeSeconds: null,
    secrets: ["secret"],
    name: "connect.sid",
    nameOptions: ["name", "key"],
    slug: "session",
  },
  "cookie-session": {
    prefix: "",
    index: 0,
    secure: "auto",
    lifetimeSeconds: null,
    secrets: ["keys", "secret"],
    name: "session",
    nameOptions: ["name"],
    slug: "cookie_session",
  },
  "koa-session": {
    prefix: "",
    index: 0,
    secure: "auto",
    lifetimeSeconds: DAY_SECONDS,
    secrets: [],
    name: "koa.sess",
    nameOptions: ["key"],
    slug: "session",
  },
  "koa-generic-session": {
    prefix: "cookie.",
    index: 0,
    secure: "auto",
    lifetimeSeconds: DAY_SECONDS,
    secrets: [],
    name: "koa.sid",
    nameOptions: ["key"],
    slug: "session",
  },
  "@fastify/session": {
    prefix: "cookie.",
    index: 0,
    secure: true,
    lifetimeSeconds: null,
    secrets: ["secret"],
    name: "sessionId",
    nameOptions: ["cookieName"],
    slug: "session",
  },
};

const WANTED =
  /^(?:express-session|cookie-session|koa-session|koa-generic-session|@fastify\/session)(?:\.(?:session|createSession))?$/;

/** Sessions: flags of their cookie, how long it lives, and what signs it. */
export function sessionRows(application: NodeApplication): readonly ScriptRow[] {
  const sessions = libraryCalls(application.run, WANTED).flatMap((library) => {
    const known = PACKAGES[library.path.replace(/\.\w+$/, "")];
    return known === undefined ? [] : [{ library, known }];
  });
  const rows = sessions.flatMap(({ library, known }) => ofSession(application, library, known));
  // Koa signs with keys of the application.
  return sessions.some(({ known }) => known.secrets.length === 0)
    ? [...rows, ...applicationKeys(application)]
    : rows;
}

function ofSession(
  application: NodeApplication,
  library: LibraryCall,
  known: SessionPackage,
): readonly ScriptRow[] {
  const { framework } = application;
  const options = library.values[known.index];
  const nameOption = firstOption(options, known.nameOptions);
  const subject =
    nameOption.state === "given" && nameOption.value.kind === "text"
      ? nameOption.value.text
      : known.name;
  const conditions = conditionsOfCall(application, library.call);
  const of = (name: string, fallback: ScriptValue) =>
    withDefault(firstOption(options, [`${known.prefix}${name}`, name]), fallback);
  const shared = { framework, subject, conditions } as const;
  const slug = `${framework}.${known.slug}`;
  const row = (
    what: Pick<ScriptRow, "slug" | "property" | "name">,
    told: ReturnType<typeof withDefault>,
  ): ScriptRow => ({ place: library.call.place, ...shared, ...what, ...told });
  return [
    row(
      { slug: `${slug}_cookie_secure`, property: "session.cookie-secure", name: "cookie.secure" },
      secureOf(application, of("secure", defaultSecure(known))),
    ),
    row(
      {
        slug: `${slug}_cookie_httponly`,
        property: "session.cookie-httponly",
        name: "cookie.httpOnly",
      },
      of("httpOnly", scriptBoolean(true)),
    ),
    row(
      {
        slug: `${slug}_cookie_samesite`,
        property: "session.cookie-samesite",
        name: "cookie.sameSite",
      },
      of("sameSite", scriptNone()),
    ),
    row(
      { slug: `${slug}_max_age`, property: "session.lifetime-seconds", name: "cookie.maxAge" },
      lifetimeOf(of("maxAge", scriptNone()), known),
    ),
    ...secretRows(application, library, known, { slug, subject }),
    ...storeRows(library, known, shared, slug),
  ];
}

function defaultSecure({ secure }: SessionPackage): ScriptValue {
  return secure === "auto"
    ? { kind: "text", text: "auto", origin: scriptNone().origin }
    : scriptBoolean(secure);
}

/** Milliseconds as seconds; "session" and nothing end with the browser. */
function lifetimeOf(told: Told, known: SessionPackage): Told {
  const { value } = told;
  if (told.isAbsent === true)
    return {
      ...told,
      value: known.lifetimeSeconds === null ? scriptNone() : scriptNumber(known.lifetimeSeconds),
    };
  if (value.kind === "number")
    return { ...told, value: { ...value, number: value.number / 1_000 } };
  if (value.kind === "text" && value.text === "session")
    return { ...told, value: scriptNone(value.origin) };
  return told;
}

function secretRows(
  { framework }: NodeApplication,
  { call, values, bare }: LibraryCall,
  known: SessionPackage,
  { slug, subject }: { readonly slug: string; readonly subject: string },
): readonly ScriptRow[] {
  if (known.secrets.length === 0) return [];
  const absent = scriptUnknown("no secret is given");
  const of = (options: ScriptValue | undefined) =>
    withDefault(firstOption(options, known.secrets), absent);
  const told = of(values[known.index]);
  const row = { framework, subject, name: "session.secret", place: call.place } as const;
  const { value, place = call.place } = told;
  const fallback = of(bare[known.index]).value;
  return [
    { ...row, slug: `${slug}_secret`, property: "session.secret", value: keyOf(value), place },
    {
      ...row,
      slug: `${slug}_secret_fallback`,
      property: "session.secret-fallback",
      value: keyOf(fallback),
      place,
    },
  ];
}

/** Of several keys the first signs. */
function keyOf(value: ScriptValue): ScriptValue {
  const first = value.kind === "list" ? value.items[0] : undefined;
  return first ?? value;
}

function storeRows(
  { call, values }: LibraryCall,
  known: SessionPackage,
  shared: Pick<ScriptRow, "framework" | "subject">,
  slug: string,
): readonly ScriptRow[] {
  if (known.slug !== "session" || known.prefix === "") return [];
  const told = withDefault(firstOption(values[known.index], ["store"]), {
    kind: "text",
    text: "MemoryStore",
    origin: scriptNone().origin,
  });
  const value: ScriptValue =
    told.value.kind === "external" && !told.value.path.startsWith("require")
      ? { kind: "text", text: told.value.path.replace(/\(\).*$/, ""), origin: told.value.origin }
      : told.value;
  return [{ place: call.place, ...shared, slug: `${slug}_store`, name: "store", ...told, value }];
}

/** `app.keys = ["…"]`. */
function applicationKeys({ run, framework }: NodeApplication): readonly ScriptRow[] {
  return run.modules.flatMap(({ assignments, file }) =>
    assignments.flatMap((site) => {
      const { node, scope } = site;
      const assigned = assignedMember(node);
      if (assigned?.key !== "keys" || !/^(?:app|server|koa)$/.test(assigned.owner)) return [];
      const row = {
        framework,
        subject: "koa.sess",
        name: "session.secret",
        place: { file, ...assigned.place },
      } as const;
      return [
        {
          ...row,
          slug: `${framework}.session_secret`,
          property: "session.secret" as const,
          value: keyOf(run.live.evaluate(assigned.value, scope)),
        },
        {
          ...row,
          slug: `${framework}.session_secret_fallback`,
          property: "session.secret-fallback" as const,
          value: keyOf(run.bare.evaluate(assigned.value, scope)),
        },
      ];
    }),
  );
}
