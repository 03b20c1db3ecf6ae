import type { ComposePort, ComposeService, ComposeVariable } from "../compose.ts";
import { items, keyed } from "./merge.ts";
import { readRights } from "./rights.ts";
import type { Tree, TreeMap, TreeScalar } from "./tree.ts";

/** The parts of one merged service that matter to an audit. */
export function readService(name: string, line: number, tree: TreeMap): ComposeService {
  const child = (key: string) => tree.entries.get(key)?.value;
  const parts = (["entrypoint", "command"] as const).map((key) => commandText(child(key)));
  const commandLine = (tree.entries.get("command") ?? tree.entries.get("entrypoint"))?.line;
  const command = child("command") ?? child("entrypoint");
  return {
    name,
    file: tree.file,
    line,
    isBuilt: child("build") !== undefined,
    command: parts.filter((part) => part !== "").join(" "),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(command === undefined ? {} : { commandFile: command.file }),
    hasEntrypoint: parts[0] !== "",
    environment: variables(child("environment")),
    envFiles: items(child("env_file")).flatMap(readEnvFile),
    ports: items(child("ports")).flatMap(readPort),
    expose: texts(child("expose")),
    labels: variables(child("labels")),
    volumes: items(child("volumes")).flatMap(readVolume),
    dependsOn: namesOf(child("depends_on")),
    profiles: texts(child("profiles")),
    rights: readRights(tree),
    ...textFields(child),
  };
}

function textFields(child: (key: string) => Tree | undefined) {
  const build = child("build");
  const context = build?.kind === "map" ? textAt(build, "context") : textOf(build);
  const fields = {
    image: textOf(child("image")),
    user: textOf(child("user")),
    networkMode: textOf(child("network_mode")),
    containerName: textOf(child("container_name")),
    hostname: textOf(child("hostname")),
    workingDirectory: textOf(child("working_dir")),
    buildContext: build === undefined ? undefined : (context ?? "."),
    dockerfile: build?.kind === "map" ? textAt(build, "dockerfile") : undefined,
    buildTarget: build?.kind === "map" ? textAt(build, "target") : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Record<keyof typeof fields, string>>;
}

function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" ? tree.text : undefined;
}

function textAt(map: TreeMap, key: string): string | undefined {
  return textOf(map.entries.get(key)?.value);
}

function texts(tree: Tree | undefined): readonly string[] {
  return items(tree).flatMap((item) => textOf(item) ?? []);
}

function namesOf(tree: Tree | undefined): readonly string[] {
  return tree?.kind === "map" ? [...tree.entries.keys()] : texts(tree);
}

/** The list form is exec form: each word is quoted where a shell would split it. */
function commandText(tree: Tree | undefined): string {
  if (tree?.kind === "list") return texts(tree).map(quoteWord).join(" ");
  return (textOf(tree) ?? "").replace(/\s*\n\s*/g, " ").trim();
}

/** A word as a POSIX shell would need it. */
export function quoteWord(word: string): string {
  if (/^[\w@%+=:,./\-[\]{}$*~^]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function variables(tree: Tree | undefined): readonly ComposeVariable[] {
  if (tree === undefined) return [];
  return [...keyed(tree).entries].flatMap(([key, { value, line }]) => {
    if (value.kind !== "scalar") return [];
    const { text, isInterpolated, file } = value;
    return [{ key, value: text, isInterpolated, file, line }];
  });
}

function readEnvFile(item: Tree): ComposeService["envFiles"] {
  const { file, line } = item;
  if (item.kind === "scalar") {
    return item.text ? [{ path: item.text, isRequired: true, file, line }] : [];
  }
  if (item.kind === "list") return [];
  const path = textAt(item, "path");
  if (!path) return [];
  const format = textAt(item, "format");
  const isRequired = textAt(item, "required")?.toLowerCase() !== "false";
  return [{ path, isRequired, file, line, ...(format === undefined ? {} : { format }) }];
}

function readVolume(item: Tree): ComposeService["volumes"] {
  const { file, line } = item;
  if (item.kind === "map") {
    const [source = "", target = ""] = [textAt(item, "source"), textAt(item, "target")];
    return [{ source, target, file, line }];
  }
  const [first = "", second] = (textOf(item) ?? "").split(":");
  if (first === "") return [];
  return [
    second === undefined
      ? { source: "", target: first, file, line }
      : { source: first, target: second, file, line },
  ];
}

function readPort(item: Tree): readonly ComposePort[] {
  if (item.kind === "scalar") return item.text ? [shortPort(item.text, item)] : [];
  if (item.kind === "list") return [];
  const target = textAt(item, "target");
  if (!target) return [];
  const hostAddress = textAt(item, "host_ip") ?? "";
  const hostPort = textAt(item, "published") ?? "";
  const { file, line } = item;
  const protocol = textAt(item, "protocol") ?? "tcp";
  const address = hostAddress.replace(/^\[(.*)\]$/, "$1");
  const text = [
    `target: ${target}`,
    ...(hostPort === "" ? [] : [`published: ${hostPort}`]),
    ...(hostAddress === "" ? [] : [`host_ip: ${hostAddress}`]),
  ].join(", ");
  return [{ hostAddress: address, hostPort, containerPort: target, protocol, file, line, text }];
}

/** `[[address:][host]:]container[/protocol]`; an IPv6 address may stand in brackets or bare. */
function shortPort(text: string, { file, line }: TreeScalar): ComposePort {
  const slash = text.lastIndexOf("/");
  const protocol = slash < 0 ? "tcp" : text.slice(slash + 1).toLowerCase();
  const parts = (slash < 0 ? text : text.slice(0, slash)).split(":");
  const containerPort = (parts.pop() ?? "").trim();
  const hostPort = (parts.pop() ?? "").trim();
  const hostAddress = parts.join(":").replace(/^\[(.*)\]$/, "$1");
  return { hostAddress, hostPort, containerPort, protocol, file, line, text };
}
