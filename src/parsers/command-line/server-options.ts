import { type BindAddress, parseBindAddress } from "./address.ts";

/** What a server program was told on its command line. */
export interface ServerOptions {
  readonly binds: readonly (BindAddress & { readonly text: string })[];
  /** No bind was given and none comes from the environment: `binds` holds the program's own default. */
  readonly usesDefault: boolean;
  readonly debugFlags: readonly string[];
  /** `gunicorn -c FILE`. */
  readonly configFile?: string;
}

type Lookup = (name: string) => string | undefined;

interface Option {
  readonly text: string;
  readonly value: string;
}

/** How a server's command line is read. */
export type ServerReader = (args: readonly string[], lookup: Lookup) => ServerOptions;

/** Every value of an option: `--bind X`, `--bind=X`, `-b X`, `-bX`. */
export function optionValues(
  args: readonly string[],
  long: readonly string[],
  short: readonly string[] = [],
): readonly Option[] {
  const found: Option[] = [];
  for (const [index, word] of args.entries()) {
    const next = args[index + 1];
    const name = [...long, ...short].find((each) => each === word);
    if (name !== undefined) {
      if (next !== undefined) found.push({ text: `${word} ${next}`, value: next });
      continue;
    }
    const joined = long.find((each) => word.startsWith(`${each}=`));
    const glued = short.find((each) => word.startsWith(each) && !word.startsWith("--"));
    if (joined !== undefined) found.push({ text: word, value: word.slice(joined.length + 1) });
    else if (glued !== undefined) found.push({ text: word, value: word.slice(glued.length) });
  }
  return found;
}

function flags(args: readonly string[], names: readonly string[]): readonly string[] {
  return args.filter((word) => names.includes(word));
}

function addresses(options: readonly Option[], port: number): ServerOptions["binds"] {
  return options.flatMap(({ text, value }) =>
    value.split(",").flatMap((each) => {
      const bind = parseBindAddress(each, port);
      return bind === undefined ? [] : [{ ...bind, text }];
    }),
  );
}

function readOptions(
  options: readonly Option[],
  port: number,
  byDefault: { readonly address: string; readonly text: string },
  debugFlags: readonly string[] = [],
): ServerOptions {
  const { address, text } = byDefault;
  if (options.length > 0) {
    return { binds: addresses(options, port), usesDefault: false, debugFlags };
  }
  return { binds: [{ address, port, isUnixSocket: false, text }], usesDefault: true, debugFlags };
}

/**
 * gunicorn (docs.gunicorn.org, settings): `-b` repeats; the command line wins over
 * GUNICORN_CMD_ARGS, that over the configuration file, that over `$PORT`, that over 127.0.0.1:8000.
 */
const gunicorn: ServerReader = (args, lookup) => {
  const environment = (lookup("GUNICORN_CMD_ARGS") ?? "").split(/\s+/);
  const own = optionValues(args, ["--bind"], ["-b"]);
  const inherited = optionValues(environment, ["--bind"], ["-b"]).map(({ text, value }) => ({
    text: `GUNICORN_CMD_ARGS ${text}`,
    value,
  }));
  const port = lookup("PORT");
  const platform = parseBindAddress(`0.0.0.0:${port}`, 8000);
  const options = readOptions(own.length > 0 ? own : inherited, 8000, {
    address: "127.0.0.1",
    text: "gunicorn without --bind",
  });
  const configFile = optionValues([...environment, ...args], ["--config"], ["-c"]).at(-1)?.value;
  const config = configFile === undefined ? {} : { configFile: configFile.replace(/^file:/, "") };
  if (!options.usesDefault || port === undefined || platform === undefined) {
    return { ...options, ...config };
  }
  return { ...options, ...config, binds: [{ ...platform, text: "gunicorn with PORT set" }] };
};

/** Host and port as two options, with the variables click reads for them. */
function hostAndPort(
  program: string,
  names: { readonly host: readonly string[]; readonly port: readonly string[] },
  defaults: { readonly host: string; readonly port: number; readonly prefix?: string },
): ServerReader {
  return (args, lookup) => {
    const fromEnvironment = (name: string): Option | undefined => {
      const value =
        defaults.prefix === undefined ? undefined : lookup(`${defaults.prefix}_${name}`);
      return value === undefined
        ? undefined
        : { text: `${defaults.prefix}_${name}=${value}`, value };
    };
    const short = (words: readonly string[]) => words.filter((word) => !word.startsWith("--"));
    const long = (words: readonly string[]) => words.filter((word) => word.startsWith("--"));
    const last = (words: readonly string[]) => optionValues(args, long(words), short(words)).at(-1);
    const host = last(names.host) ?? fromEnvironment("HOST");
    const port = last(names.port) ?? fromEnvironment("PORT");
    const given = [host, port].flatMap((option) => option?.text ?? []);
    const address = (host?.value ?? defaults.host).replace(/^\[(.*)\]$/, "$1");
    const bind = parseBindAddress(`[${address}]:${port?.value ?? ""}`, defaults.port);
    const text = given.length > 0 ? given.join(" ") : `${program} without ${names.host[0]}`;
    return {
      binds: bind === undefined ? [] : [{ ...bind, text }],
      usesDefault: given.length === 0,
      debugFlags: [],
    };
  };
}

function sockets(options: readonly Option[]): ServerOptions["binds"] {
  return options.map(({ text, value }) => ({ address: value, port: 0, isUnixSocket: true, text }));
}

/** uvicorn (uvicorn.org/settings): `--uds` wins over host and port; `--fd` inherits. */
const uvicorn: ServerReader = (args, lookup) => {
  const tcp = hostAndPort(
    "uvicorn",
    { host: ["--host"], port: ["--port"] },
    { host: "127.0.0.1", port: 8000, prefix: "UVICORN" },
  )(args, lookup);
  const uds = optionValues(args, ["--uds"]);
  const isInherited = optionValues(args, ["--fd"]).length > 0;
  const debugFlags = flags(args, ["--reload", "--debug"]);
  if (isInherited) return { binds: [], usesDefault: false, debugFlags };
  if (uds.length > 0) return { binds: sockets(uds), usesDefault: false, debugFlags };
  return { ...tcp, debugFlags };
};

const hypercorn: ServerReader = (args) =>
  readOptions(
    optionValues(args, ["--bind", "--insecure-bind", "--quic-bind"], ["-b"]),
    8000,
    { address: "127.0.0.1", text: "hypercorn without --bind" },
    flags(args, ["--reload", "--debug"]),
  );

/** daphne: a socket, a descriptor or an endpoint stands instead of the default address. */
const daphne: ServerReader = (args, lookup) => {
  const uds = sockets(optionValues(args, ["--unix-socket"], ["-u"]));
  const endpoints = optionValues(args, ["--endpoint"], ["-e"]).flatMap(twistedEndpoint);
  const tcp = hostAndPort(
    "daphne",
    { host: ["--bind", "-b"], port: ["--port", "-p"] },
    { host: "127.0.0.1", port: 8000 },
  )(args, lookup);
  const isElsewhere = uds.length + endpoints.length > 0 || optionValues(args, ["--fd"]).length > 0;
  const own = tcp.usesDefault && isElsewhere ? [] : tcp.binds;
  return { ...tcp, binds: [...own, ...uds, ...endpoints] };
};

/** `tcp:port=8000:interface=0.0.0.0`, `ssl:8443:...`, `unix:/run/a.sock` (Twisted endpoints). */
function twistedEndpoint({ text, value }: Option): ServerOptions["binds"] {
  const [kind = "", first = "", ...rest] = value.split(/(?<!\\):/);
  if (kind === "unix") {
    return [{ address: first.replace(/^address=/, ""), port: 0, isUnixSocket: true, text }];
  }
  if (!/^(?:tcp6?|ssl)$/.test(kind)) return [];
  const named = (name: string) =>
    [first, ...rest].find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const address = (named("interface") ?? "").replaceAll("\\:", ":");
  const bind = parseBindAddress(`[${address}]:${named("port") ?? first}`, 0);
  return bind === undefined ? [] : [{ ...bind, text }];
}

/** waitress-serve (docs.pylonsproject.org, runner): every address on 8080 unless told. */
const waitress: ServerReader = (args, lookup) => {
  const listen = optionValues(args, ["--listen"]);
  const uds = sockets(optionValues(args, ["--unix-socket"]));
  const tcp = hostAndPort(
    "waitress-serve",
    { host: ["--host"], port: ["--port"] },
    { host: "0.0.0.0", port: 8080 },
  )(args, lookup);
  if (uds.length > 0) return { ...tcp, binds: uds, usesDefault: false };
  if (listen.length === 0) return tcp;
  return { binds: addresses(listen, 8080), usesDefault: false, debugFlags: [] };
};

/** uWSGI has no default address; what an ini file says is not read here. */
const uwsgi: ServerReader = (args) => {
  const names = [
    "--http",
    "--https",
    "--http-socket",
    "--https-socket",
    "--socket",
    "--uwsgi-socket",
  ];
  const options = optionValues(args, [...names, "--fastcgi-socket", "--scgi-socket"], ["-s"]);
  // `--https :443,cert.pem,key.pem`: only the first part is an address.
  const first = options.map(({ text, value }) => ({ text, value: value.split(",")[0] ?? "" }));
  return { binds: addresses(first, 0), usesDefault: false, debugFlags: [] };
};

const granian = hostAndPort(
  "granian",
  { host: ["--host"], port: ["--port"] },
  { host: "127.0.0.1", port: 8000, prefix: "GRANIAN" },
);

const flaskRun = hostAndPort(
  "flask run",
  { host: ["--host", "-h"], port: ["--port", "-p"] },
  { host: "127.0.0.1", port: 5000, prefix: "FLASK_RUN" },
);

const NOT_A_SERVER: ServerOptions = { binds: [], usesDefault: false, debugFlags: [] };

const flask: ServerReader = (args, lookup) => {
  const debugFlags = flags(args, ["--debug", "--debugger"]);
  if (!args.includes("run")) return NOT_A_SERVER;
  return { ...flaskRun(args, lookup), debugFlags };
};

/** `fastapi dev` reloads on 127.0.0.1, `fastapi run` listens on every address. */
const fastapi: ServerReader = (args, lookup) => {
  const verb = args.find((word) => word === "dev" || word === "run");
  if (verb === undefined) return NOT_A_SERVER;
  const host = verb === "dev" ? "127.0.0.1" : "0.0.0.0";
  const names = { host: ["--host"], port: ["--port"] };
  const options = hostAndPort(`fastapi ${verb}`, names, { host, port: 8000 })(args, lookup);
  return { ...options, debugFlags: verb === "dev" ? ["fastapi dev"] : flags(args, ["--reload"]) };
};

/** `runserver [[address:]port]`: Django's own development server. */
const manage: ServerReader = (args) => {
  const at = args.findIndex((word) => /^runserver(?:_plus)?$|^testserver$/.test(word));
  const verb = args[at];
  if (verb === undefined) return NOT_A_SERVER;
  const isIpv6 = args.includes("--ipv6") || args.includes("-6");
  const options = new Set(["--settings", "--pythonpath", "-v", "--verbosity", "--cert-file"]);
  const rest = args.slice(at + 1);
  const operand = rest.find(
    (word, index) => !word.startsWith("-") && !options.has(rest[index - 1] ?? ""),
  );
  const local = isIpv6 ? "::1" : "127.0.0.1";
  const bind =
    operand === undefined || /^\d+$/.test(operand)
      ? parseBindAddress(`[${local}]:${operand ?? ""}`, 8000)
      : parseBindAddress(operand, 8000);
  const text = operand === undefined ? verb : `${verb} ${operand}`;
  return {
    binds: bind === undefined ? [] : [{ ...bind, text }],
    usesDefault: operand === undefined,
    debugFlags: [verb],
  };
};

/** Node has no address on its command line; an open inspector runs code for whoever reaches it. */
const node: ServerReader = (args) => ({
  ...NOT_A_SERVER,
  debugFlags: args.filter((word) => /^--inspect(?:-brk|-wait)?(?:=|$)/.test(word)),
});

/** By base name of the program or of the Python module started with `-m`. */
export const SERVERS: Readonly<Record<string, ServerReader>> = {
  gunicorn,
  uvicorn,
  hypercorn,
  daphne,
  "waitress-serve": waitress,
  waitress,
  uwsgi,
  granian,
  flask,
  fastapi,
  "manage.py": manage,
  "django-admin": manage,
  node,
  nodejs: node,
};
