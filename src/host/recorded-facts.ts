import { isJsonObject, type JsonObject } from "../core/json-object.ts";
import { known, type Reading, unknown } from "../core/reading.ts";
import {
  booleanMember,
  malformed,
  numberMember,
  parseRecorded,
  requireObject,
  requireObjects,
  textMember,
} from "./recorded-json.ts";

/** As the fact `listeners` has it. */
export interface RecordedListener {
  readonly proto: "tcp" | "udp" | "unix";
  readonly address: string;
  readonly port: number;
  readonly pid?: number;
  readonly command?: string;
  readonly user?: string;
}

const PROTOCOLS: Readonly<Record<string, RecordedListener["proto"]>> = {
  tcp: "tcp",
  tcp4: "tcp",
  tcp6: "tcp",
  udp: "udp",
  udp4: "udp",
  udp6: "udp",
  unix: "unix",
};

/** Reads `listeners.json`. Throws `HostError` `malformed`, as every reader here does. */
export function recordedListeners(text: string, file: string): readonly RecordedListener[] {
  return requireObjects(parseRecorded(text, file), file).map((each) => {
    const proto = protocol(each, file);
    const address = textMember(each, "address", file);
    if (address === undefined) throw malformed(file, 'a listener without "address"');
    return {
      proto,
      address: address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address,
      port: portMember(each, file, proto),
      ...owner(each, file),
    };
  });
}

function protocol(each: JsonObject, file: string): RecordedListener["proto"] {
  const name = textMember(each, "proto", file) ?? "tcp";
  const proto = Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
  if (proto === undefined) throw malformed(file, '"proto" must be tcp, udp or unix');
  return proto;
}

function portMember(each: JsonObject, file: string, proto: RecordedListener["proto"]): number {
  const port = numberMember(each, "port", file) ?? (proto === "unix" ? 0 : -1);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw malformed(file, '"port" must be a number up to 65535');
}

function owner(each: JsonObject, file: string): Pick<RecordedListener, "pid" | "command" | "user"> {
  const pid = numberMember(each, "pid", file);
  const command = textMember(each, "command", file);
  const user = textMember(each, "user", file);
  return {
    ...(pid !== undefined && { pid }),
    ...(command !== undefined && { command }),
    ...(user !== undefined && { user }),
  };
}

/** As the fact `processes` has it. */
export interface RecordedProcess {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
  readonly user: string;
  readonly parent?: number;
  readonly directory?: string;
  readonly cgroup?: string;
  readonly startedMs?: number;
}

/** Reads `processes.json`; `mask` takes the secrets out of a command line (`maskCommandLine` of the fact). */
export function recordedProcesses(
  text: string,
  file: string,
  mask: (command: string) => string,
): readonly RecordedProcess[] {
  return requireObjects(parseRecorded(text, file), file).map((each) => {
    const pid = numberMember(each, "pid", file);
    if (pid === undefined) throw malformed(file, 'a process without "pid"');
    const command = textMember(each, "command", file) ?? "";
    const name = textMember(each, "name", file) ?? baseName(command);
    const parent = numberMember(each, "parent", file) ?? numberMember(each, "ppid", file);
    const directory = textMember(each, "directory", file) ?? textMember(each, "cwd", file);
    const cgroup = textMember(each, "cgroup", file);
    const startedMs = numberMember(each, "startedMs", file);
    return {
      pid,
      name,
      command: mask(command),
      user: textMember(each, "user", file) ?? "",
      ...(parent !== undefined && { parent }),
      ...(directory !== undefined && { directory }),
      ...(cgroup !== undefined && { cgroup }),
      ...(startedMs !== undefined && { startedMs }),
    };
  });
}

function baseName(command: string): string {
  const [program = ""] = command.split(" ", 1);
  return program.slice(program.lastIndexOf("/") + 1).replace(/:$/, "");
}

/** As the fact `process-environment` has it. Holds secrets in clear. */
export interface RecordedEnvironment {
  readonly where: string;
  readonly variables: readonly (readonly [key: string, value: string])[];
}

/** Reads `process-env.json`: an object of strings. `where` is the file's name. */
export function recordedProcessEnvironment(text: string, file: string): RecordedEnvironment {
  const object = requireObject(parseRecorded(text, file), file, "the environment");
  const variables = Object.entries(object).map(([key, value]) => {
    if (typeof value === "string") return [key, value] as const;
    if (typeof value === "number" || typeof value === "boolean") return [key, `${value}`] as const;
    throw malformed(file, `"${key}" must be a string`);
  });
  return { where: file.slice(file.lastIndexOf("/") + 1), variables };
}

export interface RecordedConnection {
  readonly isOpen: boolean;
  readonly error?: string;
}

export interface RecordedCertificate {
  readonly verified: boolean;
  readonly error?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly names: readonly string[];
  readonly daysLeft?: number;
  readonly keyType?: string;
  readonly keyBits?: number;
  readonly signature?: string;
  readonly protocol?: string;
}

/** What `net.json` stands in for: the facts `hub-connection` and `hub-certificate`. */
export interface RecordedNet {
  readonly connection: Reading<RecordedConnection>;
  readonly certificate: Reading<RecordedCertificate>;
}

const CONNECTIONS: Readonly<Record<string, RecordedConnection>> = {
  ok: { isOpen: true },
  refused: { isOpen: false, error: "ECONNREFUSED" },
  timeout: { isOpen: false, error: "ETIMEDOUT" },
  dns: { isOpen: false, error: "ENOTFOUND" },
};

/** Reads `net.json`. What it does not tell is `unknown`: not recorded. */
export function recordedNet(text: string, file: string): RecordedNet {
  const object = requireObject(parseRecorded(text, file), file, "the record");
  const name = file.slice(file.lastIndexOf("/") + 1);
  const missing = unknown("not-recorded", `${name} says nothing about the hub`);
  if (object["hub"] === undefined) return { connection: missing, certificate: missing };
  const hub = requireObject(object["hub"], file, '"hub"');
  const word = textMember(hub, "connect", file);
  if (word === undefined) {
    const unsaid = unknown(
      "not-recorded",
      `${name} does not say whether the hub could be connected to`,
    );
    return { connection: unsaid, certificate: certificate(hub, file, name) };
  }
  const connection = Object.hasOwn(CONNECTIONS, word) ? CONNECTIONS[word] : undefined;
  if (connection === undefined) {
    throw malformed(file, '"connect" must be ok, refused, timeout or dns');
  }
  return {
    connection: known(connection),
    certificate: connection.isOpen
      ? certificate(hub, file, name)
      : unknown("unreachable", `no connection to the hub (${connection.error})`),
  };
}

function certificate(hub: JsonObject, file: string, name: string): Reading<RecordedCertificate> {
  const tls = hub["tls"];
  if (tls === undefined || tls === null) {
    return unknown("not-recorded", `${name} says nothing about the hub's certificate`);
  }
  if (!isJsonObject(tls)) throw malformed(file, '"tls" must be an object');
  const verified = booleanMember(tls, "verified", file);
  const error = textMember(tls, "error", file);
  const daysLeft = numberMember(tls, "daysLeft", file);
  if (verified === undefined && error !== undefined) {
    return unknown("unreachable", `the handshake with the hub failed (${error})`);
  }
  // What does not verify is a fault whatever its dates; a good one is only good until it expires.
  if (verified === undefined || (verified && daysLeft === undefined)) {
    return unknown("not-recorded", `${name} has no "verified" and "daysLeft" of the certificate`);
  }
  return known({
    verified,
    ...(error !== undefined && { error }),
    names: names(tls, file),
    ...(daysLeft !== undefined && { daysLeft }),
    ...details(tls, file),
  });
}

function names(tls: JsonObject, file: string): readonly string[] {
  const list = tls["names"] ?? [];
  if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  throw malformed(file, '"names" must be a list of strings');
}

function details(tls: JsonObject, file: string): Partial<RecordedCertificate> {
  const keyBits = numberMember(tls, "keyBits", file);
  const texts = ["subject", "issuer", "keyType", "signature", "protocol"].map(
    (key) => [key, textMember(tls, key, file)] as const,
  );
  return {
    ...Object.fromEntries(texts.filter(([, value]) => value !== undefined)),
    ...(keyBits !== undefined && { keyBits }),
  };
}
