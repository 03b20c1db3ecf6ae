import type { ComposeRights, PlacedText } from "../compose.ts";
import { items } from "./merge.ts";
import type { Tree, TreeMap } from "./tree.ts";

/** What a merged service says of rights, limits and life cycle, each with its place. */
export function readRights(service: TreeMap): ComposeRights {
  const scalar = (key: string): PlacedText | undefined => scalarAt(service, key);
  const fields = {
    privileged: isYes(scalar("privileged")),
    pid: scalar("pid"),
    ipc: scalar("ipc"),
    networkMode: scalar("network_mode"),
    usernsMode: scalar("userns_mode"),
    user: scalar("user"),
    image: scalar("image"),
    restart: scalar("restart"),
    readOnly: isYes(scalar("read_only")),
    limits: limitsOf(service),
    healthcheck: healthcheckOf(service),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as { [K in keyof typeof fields]?: PlacedText }),
    capAdd: texts(service.entries.get("cap_add")?.value),
    capDrop: texts(service.entries.get("cap_drop")?.value),
    securityOptions: texts(service.entries.get("security_opt")?.value),
    devices: texts(service.entries.get("devices")?.value),
  };
}

function scalarAt(map: TreeMap, key: string): PlacedText | undefined {
  const entry = map.entries.get(key);
  if (entry?.value.kind !== "scalar" || !entry.value.text) return undefined;
  return { text: entry.value.text, file: entry.value.file, line: entry.line };
}

function isYes(value: PlacedText | undefined): PlacedText | undefined {
  return value !== undefined && /^(?:true|yes|on|y)$/i.test(value.text) ? value : undefined;
}

function texts(tree: Tree | undefined): readonly PlacedText[] {
  return items(tree).flatMap((item) =>
    item.kind === "scalar" && item.text
      ? [{ text: item.text, file: item.file, line: item.line }]
      : [],
  );
}

function limitsOf(service: TreeMap): PlacedText | undefined {
  const deploy = service.entries.get("deploy")?.value;
  const resources = deploy?.kind === "map" ? deploy.entries.get("resources")?.value : undefined;
  const limits = resources?.kind === "map" ? resources.entries.get("limits") : undefined;
  if (limits !== undefined) return { text: "limits", file: limits.value.file, line: limits.line };
  return ["mem_limit", "cpus", "pids_limit"]
    .map((key) => scalarAt(service, key))
    .find((value) => value !== undefined);
}

/** `disabled` where the image's own check is switched off, else `given`. */
function healthcheckOf(service: TreeMap): PlacedText | undefined {
  const entry = service.entries.get("healthcheck");
  if (entry === undefined) return undefined;
  const { value, line } = entry;
  const isDisabled = value.kind === "map" && isYes(scalarAt(value, "disable")) !== undefined;
  const first = value.kind === "map" ? texts(value.entries.get("test")?.value)[0]?.text : undefined;
  const text = isDisabled || first === "NONE" ? "disabled" : "given";
  return { text, file: value.file, line };
}
