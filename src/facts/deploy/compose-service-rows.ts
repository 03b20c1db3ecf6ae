import { splitShellWords } from "../../parsers/command-line/shell-words.ts";
import { items } from "../../parsers/compose/merge.ts";
import type { Tree, TreeMap } from "../../parsers/compose/tree.ts";
import { imagePin, imageRole } from "../service-images.ts";
import {
  asWritten,
  kindOfText,
  type Placed,
  placedEntries,
  placedTexts,
  type ServiceEntry,
  scalarAt,
  variablesOf,
} from "./compose-written.ts";
import { type DeployRow, lineHolding } from "./deploy-row.ts";

/** What one service says of ports, mounts, rights, images and its command. */
export function composeServiceRows(service: ServiceEntry): readonly DeployRow[] {
  return [
    ...portRows(service),
    ...imageRows(service),
    ...socketRows(service),
    ...adminRows(service),
    ...commandRows(service),
    ...redirectLabels(service),
    ...rightRows(service),
    ...listRows(service),
    ...presenceRows(service),
  ];
}

function textRow(
  { file, name }: ServiceEntry,
  slug: string,
  { text, line }: Placed,
  value = asWritten(text),
): DeployRow {
  const variables = variablesOf(text);
  return { slug, file, line, kind: kindOfText(text), value, subject: name, variables };
}

function portRows(service: ServiceEntry): readonly DeployRow[] {
  return items(service.map.entries.get("ports")?.value).flatMap((item) => {
    const port = item.kind === "map" ? longPort(item) : shortPort(item);
    if (port === undefined) return [];
    const isAnywhere = !/^(?:127\.|\[?::1\]?|localhost)/.test(port.address);
    const value = `${asWritten(port.text)}${isAnywhere && port.address === "" ? " on all interfaces" : ""}`;
    const slug = item.kind === "map" ? "compose.port_long" : "compose.port";
    return [
      textRow(service, slug, port, value),
      ...(service.isDevelopment ? [textRow(service, "compose.dev_port", port, value)] : []),
    ];
  });
}

type WrittenPort = Placed & { readonly address: string };

function shortPort(item: Tree): WrittenPort | undefined {
  if (item.kind !== "scalar" || !item.text) return undefined;
  const parts = item.text.split("/", 1)[0]?.split(":") ?? [];
  const address = parts.slice(0, -2).join(":");
  return { text: item.text, line: item.line, address };
}

/** The place of a long port is that of `published`, which is what opens it. */
function longPort(map: TreeMap): WrittenPort | undefined {
  const target = scalarAt(map, "target");
  if (target === undefined) return undefined;
  const published = scalarAt(map, "published");
  const address = scalarAt(map, "host_ip")?.text ?? "";
  const host = published === undefined ? "" : `${published.text}:`;
  const prefix = address === "" ? "" : `${address}:`;
  return { text: `${prefix}${host}${target.text}`, line: (published ?? target).line, address };
}

function imageRows(service: ServiceEntry): readonly DeployRow[] {
  const image = scalarAt(service.map, "image");
  if (image === undefined) return [];
  const byDefault = scalarAt(service.defaults, "image")?.text ?? "";
  const isOpen = variablesOf(image.text).length > 0 && /:$/.test(byDefault);
  const pin = isOpen ? undefined : imagePin(byDefault);
  if (pin === undefined) return [];
  const slug = pin === "floating" ? "compose.image_floating" : "compose.pinned_image";
  return [textRow(service, slug, image)];
}

/** The engine's own socket: whoever holds it is root on the machine. */
export const ENGINE_SOCKET = /(?:docker|podman|containerd|crio|buildkitd)\.sock/;

function socketRows(service: ServiceEntry): readonly DeployRow[] {
  return items(service.map.entries.get("volumes")?.value).flatMap((item) => {
    const mount = item.kind === "map" ? scalarAt(item, "source") : placedTexts(item)[0];
    if (mount === undefined || !ENGINE_SOCKET.test(mount.text)) return [];
    return [textRow(service, "compose.docker_socket", mount)];
  });
}

/** Ports and routes of a service that is a surface over a database. */
function adminRows(service: ServiceEntry): readonly DeployRow[] {
  const image = scalarAt(service.defaults, "image")?.text ?? service.name;
  if (imageRole(image) !== "database-admin") return [];
  const rules = placedTexts(service.map.entries.get("labels")?.value).filter(({ text }) =>
    /^traefik\.http\.routers\.[^=]+\.rule=|^VIRTUAL_HOST=|^caddy(?:_\d+)?=/.test(text),
  );
  const ports = items(service.map.entries.get("ports")?.value).flatMap(
    (item) => (item.kind === "map" ? longPort(item) : shortPort(item)) ?? [],
  );
  return [...rules, ...ports].map((place) => ({
    ...textRow(service, "compose.adminer", place),
    kind: "literal",
  }));
}

function commandRows(service: ServiceEntry): readonly DeployRow[] {
  return ["command", "entrypoint"].flatMap((key) => {
    const entry = service.map.entries.get(key);
    return entry === undefined
      ? []
      : wordsOf(service, entry).flatMap((word) => wordRows(service, word));
  });
}

/** The words of a command, each on the line it stands. */
function wordsOf(
  { lines }: ServiceEntry,
  { value, line }: { readonly value: Tree; readonly line: number },
): readonly Placed[] {
  const texts = placedTexts(value);
  if (value.kind !== "scalar") return texts;
  const [whole] = texts;
  const words = splitShellWords(whole?.text ?? "", () => undefined);
  return words.map(({ text }) => ({
    text,
    line: lineHolding(lines, line, line + COMMAND_LINES_MAX, asWritten(text).split("=")[0] ?? ""),
  }));
}

/** Lines of one command that is written over several. */
const COMMAND_LINES_MAX = 60;

function wordRows(service: ServiceEntry, word: Placed): readonly DeployRow[] {
  const { text } = word;
  if (/^-{1,2}api\.insecure(?:=(?:true|1))?$/i.test(text))
    return [textRow(service, "traefik.insecure", word, "API and dashboard without login")];
  if (/^-{1,2}entrypoints\.[\w-]+\.http\.redirections\.entrypoint\.to=/i.test(text))
    return [textRow(service, "tls.redirect", word)];
  return [];
}

function redirectLabels(service: ServiceEntry): readonly DeployRow[] {
  return placedTexts(service.map.entries.get("labels")?.value)
    .filter(({ text }) => /redirectscheme\.scheme=https$/i.test(text))
    .map((place) => textRow(service, "tls.redirect", place));
}

/** Keys of a service that give or take rights, with the slug of each. */
const RIGHTS: readonly (readonly [key: string, slug: string])[] = [
  ["privileged", "compose.privileged"],
  ["network_mode", "compose.network_mode"],
  ["pid", "compose.pid"],
  ["ipc", "compose.ipc"],
  ["userns_mode", "compose.userns_mode"],
  ["user", "compose.user"],
  ["read_only", "compose.read_only"],
  ["restart", "compose.restart"],
];

function rightRows(service: ServiceEntry): readonly DeployRow[] {
  return RIGHTS.flatMap(([key, slug]) => {
    const value = scalarAt(service.map, key);
    return value === undefined ? [] : [textRow(service, slug, value)];
  });
}

const LISTS: readonly (readonly [key: string, slug: string])[] = [
  ["cap_add", "compose.cap_add"],
  ["cap_drop", "compose.cap_drop"],
  ["security_opt", "compose.security_opt"],
  ["env_file", "compose.env_file"],
];

function listRows(service: ServiceEntry): readonly DeployRow[] {
  return LISTS.flatMap(([key, slug]) => {
    const tree = service.map.entries.get(key)?.value;
    const texts =
      key === "env_file"
        ? items(tree).flatMap((item) =>
            item.kind === "map" ? (scalarAt(item, "path") ?? []) : placedTexts(item),
          )
        : placedTexts(tree);
    return texts.map((place) => textRow(service, slug, place));
  });
}

/** Blocks whose being there is the fact. */
function presenceRows(service: ServiceEntry): readonly DeployRow[] {
  const { file, name, map } = service;
  const health = map.entries.get("healthcheck");
  const limits = limitsAt(map);
  const isOff =
    health?.value.kind === "map" &&
    placedEntries(health.value).some(({ key, text }) => key === "disable" && text === "true");
  const row = (slug: string, line: number, value: string): DeployRow => ({
    slug,
    file,
    line,
    kind: "literal",
    value,
    subject: name,
  });
  return [
    ...(health === undefined
      ? []
      : [row("compose.healthcheck", health.line, isOff ? "disabled" : "given")]),
    ...(limits === undefined ? [] : [row("compose.limits", limits, "given")]),
  ];
}

function limitsAt(map: TreeMap): number | undefined {
  const own = ["mem_limit", "cpus", "pids_limit"].flatMap(
    (key) => map.entries.get(key)?.line ?? [],
  );
  const deploy = map.entries.get("deploy")?.value;
  const resources = deploy?.kind === "map" ? deploy.entries.get("resources")?.value : undefined;
  const limits = resources?.kind === "map" ? resources.entries.get("limits")?.line : undefined;
  return limits ?? own[0];
}
