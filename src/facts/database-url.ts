import { isLoopbackHost } from "../parsers/address.ts";

/** A database as a URL or a path names it. `password` is in clear: it goes no further than the fact. */
export interface DatabaseAddress {
  readonly engine: "sqlite" | "postgresql" | "mysql" | "other";
  /** `postgresql://localhost/agentos`: no userinfo, no query. Of SQLite the path. */
  readonly shown: string;
  readonly host: string;
  readonly port: string;
  /** A unix socket, the machine itself, or no host at all. */
  readonly isLocal: boolean;
  readonly isSocket: boolean;
  readonly user: string;
  readonly password: string | undefined;
  /** `sslmode` of libpq, `ssl-mode` of MySQL, lower case. */
  readonly tlsMode: string | undefined;
  /** SQLite only: as written; `:memory:` has none. */
  readonly path: string | undefined;
}

const ENGINES: readonly (readonly [RegExp, DatabaseAddress["engine"]])[] = [
  [/^sqlite(?:3)?(?:\+[\w-]+)?$/, "sqlite"],
  [/^(?:postgres(?:ql)?(?:\+[\w-]+)?|postgis|pgsql|psql|cockroachdb)$/, "postgresql"],
  [/^(?:mysql|mariadb)(?:\+[\w-]+)?$|^mysql2$/, "mysql"],
];
const TEXT_LENGTH_MAX = 4_096;

/** Takes a database URL apart as SQLAlchemy and libpq read it; `undefined` for what is none. */
export function readDatabaseUrl(text: string): DatabaseAddress | undefined {
  const match = /^\s*([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(
    text.slice(0, TEXT_LENGTH_MAX),
  );
  if (match === null) return undefined;
  const [, scheme = "", authority = "", path = "", query = ""] = match;
  const engine = ENGINES.find(([pattern]) => pattern.test(scheme.toLowerCase()))?.[1] ?? "other";
  if (engine === "sqlite") return sqliteAt(`${authority}${path}`.replace(/^\//, ""));
  const at = authority.lastIndexOf("@");
  const userinfo = at < 0 ? "" : authority.slice(0, at);
  const parameters = new URLSearchParams(query);
  const named = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?/.exec(authority.slice(at + 1));
  const host = decoded(named?.[1] ?? "") || (parameters.get("host") ?? "");
  const colon = userinfo.indexOf(":");
  return serverAt({
    engine,
    scheme,
    host,
    port: named?.[2] ?? "",
    path,
    user: decoded(colon < 0 ? userinfo : userinfo.slice(0, colon)),
    password:
      colon < 0 ? (parameters.get("password") ?? undefined) : decoded(userinfo.slice(colon + 1)),
    tlsMode: tlsModeOf(parameters),
  });
}

interface Server
  extends Pick<DatabaseAddress, "engine" | "host" | "port" | "user" | "password" | "tlsMode"> {
  readonly scheme: string;
  readonly path: string;
}

function serverAt({ scheme, path, ...server }: Server): DatabaseAddress {
  const { host, port } = server;
  const isSocket = host === "" || host.startsWith("/");
  return {
    ...server,
    shown: `${scheme}://${host}${port === "" ? "" : `:${port}`}${path}`,
    isSocket,
    isLocal: isSocket || isLoopbackHost(host.replace(/^\[|\]$/g, "")),
    path: undefined,
  };
}

function tlsModeOf(parameters: URLSearchParams): string | undefined {
  const mode =
    parameters.get("sslmode") ?? parameters.get("ssl-mode") ?? parameters.get("ssl_mode");
  return mode?.toLowerCase();
}

/** A file of SQLite: `data/app.sqlite`, `/var/lib/app/app.sqlite`, `:memory:`. */
export function sqliteAt(path: string): DatabaseAddress {
  const isInMemory = path === "" || path.includes(":memory:");
  return {
    engine: "sqlite",
    shown: isInMemory ? "a database in memory" : path,
    host: "",
    port: "",
    isLocal: true,
    isSocket: true,
    user: "",
    password: undefined,
    tlsMode: undefined,
    path: isInMemory ? undefined : path.replace(/^file:/, "").replace(/\?.*$/, ""),
  };
}

/** Pairs of images, tutorials and the seed's own sample; a password alone counts with any user. */
const LISTED_PASSWORDS: ReadonlySet<string> = new Set(
  "pass password passwd postgres postgresql mysql mariadb root admin administrator user test secret changeme changethis letmein default example 123456 12345678 123456789 1234567890 qwerty toor guest".split(
    " ",
  ),
);

/** Whether user and password are a pair that anybody would try first. */
export function isListedPair(user: string, password: string): boolean {
  const word = password.toLowerCase();
  return LISTED_PASSWORDS.has(word) || (user !== "" && word === user.toLowerCase());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
