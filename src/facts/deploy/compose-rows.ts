import { readTree, type Tree, type TreeMap } from "../../parsers/compose/tree.ts";
import type { ComposeSource } from "../../parsers/compose.ts";
import { composeCommentRows } from "./compose-comment-rows.ts";
import { composeEnvironmentRows } from "./compose-environment-rows.ts";
import { composeServiceRows } from "./compose-service-rows.ts";
import { asWritten, readWritten, type ServiceEntry } from "./compose-written.ts";
import { developmentHeader, isDevelopmentDeployFile } from "./deploy-names.ts";
import type { DeployRow } from "./deploy-row.ts";
import type { VariableSlugs } from "./text-rows.ts";

/** All that one compose file says by itself, each with its own line. Never throws. */
export function composeRows(source: ComposeSource, slugs: VariableSlugs): readonly DeployRow[] {
  const { file, text } = source;
  const written = readWritten(source);
  const defaults = readTree(source, () => undefined);
  const lines = text.split(/\r?\n/);
  const isDevelopment = isDevelopmentDeployFile(file);
  const byDefault = new Map(
    (defaults.ok ? defaults.trees : []).flatMap(servicesIn).map(({ name, map }) => [name, map]),
  );
  const services = written.flatMap(servicesIn).map((service) => ({
    ...service,
    file,
    lines,
    isDevelopment,
    defaults: byDefault.get(service.name) ?? service.map,
  }));
  return [
    ...developmentRows(source, isDevelopment),
    ...services.flatMap(composeServiceRows),
    ...services.flatMap((service) => composeEnvironmentRows(service, slugs)),
    ...written.flatMap((tree) => secretRows(file, tree)),
    ...composeCommentRows(file, lines),
  ];
}

function developmentRows(
  { file, text }: ComposeSource,
  isDevelopment: boolean,
): readonly DeployRow[] {
  const header = developmentHeader(text);
  if (header === undefined && !isDevelopment) return [];
  const value = header === undefined ? "by its name" : "says it is for development";
  return [{ slug: "compose.dev", file, line: header ?? 1, kind: "literal", value }];
}

function servicesIn(tree: Tree): readonly Pick<ServiceEntry, "name" | "map" | "line">[] {
  const services = tree.kind === "map" ? tree.entries.get("services")?.value : undefined;
  if (services?.kind !== "map") return [];
  return [...services.entries].flatMap(([name, { line, value }]) =>
    value.kind === "map" ? [{ name, line, map: value }] : [],
  );
}

/** Top-level `secrets:`: where each one comes from. */
function secretRows(file: string, tree: Tree): readonly DeployRow[] {
  const secrets = tree.kind === "map" ? tree.entries.get("secrets")?.value : undefined;
  if (secrets?.kind !== "map") return [];
  return [...secrets.entries].flatMap(([subject, { value }]) =>
    value.kind === "map" ? secretSources(file, subject, value) : [],
  );
}

function secretSources(file: string, subject: string, secret: TreeMap): readonly DeployRow[] {
  const sources = [
    ["environment", "compose.secrets_env", "env"],
    ["file", "compose.secrets_source", "literal"],
    ["external", "compose.secrets_external", "literal"],
  ] as const;
  return sources.flatMap(([key, slug, kind]) => {
    const entry = secret.entries.get(key);
    if (entry?.value.kind !== "scalar") return [];
    const text = asWritten(entry.value.text ?? "");
    const variables = kind === "env" ? [text] : [];
    const value = kind === "env" ? `from the variable ${text}` : text;
    return [{ slug, file, line: entry.line, kind, value, subject, variables }];
  });
}
