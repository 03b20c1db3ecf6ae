import { isSecretName } from "../../core/secret.ts";
import {
  asWritten,
  kindOfText,
  type Placed,
  placedEntries,
  placedTexts,
  type ServiceEntry,
  variablesOf,
  withoutVariables,
} from "./compose-written.ts";
import { databasePasswordName, isOpenDatabase } from "./database-variables.ts";
import type { DeployRow } from "./deploy-row.ts";
import { environmentRows } from "./environment-rows.ts";
import { readRows, type VariableSlugs } from "./text-rows.ts";

/** Passwords, secret files and settings of one service's `environment:`. */
export function composeEnvironmentRows(
  service: ServiceEntry,
  slugs: VariableSlugs,
): readonly DeployRow[] {
  const entries = placedEntries(service.map.entries.get("environment")?.value);
  return [
    ...entries.flatMap((entry) => entryRows(service, entry, slugs)),
    ...defaultPasswordRows(service, entries),
    ...requirepassRows(service),
  ];
}

type Entry = Placed & { readonly key: string; readonly isGiven: boolean };

function entryRows(
  service: ServiceEntry,
  entry: Entry,
  slugs: VariableSlugs,
): readonly DeployRow[] {
  const { file, name: subject } = service;
  const { key, text, line, isGiven } = entry;
  const place = { file, line, subject, variables: variablesOf(text) };
  if (key.endsWith("_FILE") && /^\/run\/secrets\//.test(text)) {
    const value = `secret file ${asWritten(text)}`;
    return [{ ...place, slug: "compose.secrets_file", kind: "computed", value }];
  }
  if (databasePasswordName(key)) {
    const kind = isGiven ? kindOfText(text) : "env";
    return [{ ...place, slug: "compose.db_password", kind, value: passwordText(text, isGiven) }];
  }
  if (isOpenDatabase(key, text))
    return [{ ...place, slug: "compose.db_trust", kind: kindOfText(text), value: asWritten(text) }];
  const password = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^/@\s:]*:([^/@\s]+)@/i.exec(text)?.[1];
  if (password !== undefined) {
    const value = passwordText(password, true);
    return [{ ...place, slug: "compose.db_url_password", kind: kindOfText(password), value }];
  }
  const set = { ...place, key, value: asWritten(text), kind: kindOfText(text) };
  return [...environmentRows(set), ...readRows(set, slugs)].map((row) => ({ ...row, subject }));
}

/** `ADMIN_PASSWORD: ${ADMIN_PASSWORD:-admin}`: what everybody knows holds where nobody sets the variable. */
function defaultPasswordRows(
  { file, name: subject, defaults }: ServiceEntry,
  entries: readonly Entry[],
): readonly DeployRow[] {
  const plain = new Map(
    placedEntries(defaults.entries.get("environment")?.value).map(({ key, text }) => [key, text]),
  );
  return entries.flatMap(({ key, text, line }) => {
    const variables = variablesOf(text);
    const isOne = variables.length === 1 && withoutVariables(text) === "";
    const fallback = plain.get(key) ?? "";
    if (!isOne || fallback === "" || !isSecretName(key) || key.endsWith("_FILE")) return [];
    const value = `${asWritten(text)}, else one of ${[...fallback].length} characters`;
    const slug = "compose.default_password";
    return [{ slug, file, line, kind: "env" as const, value, subject, variables }];
  });
}

/** Where a password comes from, never what it is. */
function passwordText(text: string, isGiven: boolean): string {
  const variables = variablesOf(text);
  if (!isGiven) return "from the environment compose is started in";
  if (variables.length > 0) return `from ${variables.map((name) => `\${${name}}`).join(" ")}`;
  return `written in the file, ${withoutVariables(text).length} characters`;
}

/** `redis-server --requirepass X`. */
function requirepassRows({ file, name, map }: ServiceEntry): readonly DeployRow[] {
  const words = placedTexts(map.entries.get("command")?.value).flatMap(({ text, line }) =>
    text.split(/\s+/).map((word) => ({ text: word, line })),
  );
  return words.flatMap(({ text, line }, index) => {
    const inline = /^--requirepass=(.+)$/.exec(text)?.[1];
    const password = text === "--requirepass" ? words[index + 1]?.text : inline;
    if (!password) return [];
    const kind = /\$/.test(password) ? "computed" : kindOfText(password);
    const value = kind === "computed" ? "computed by a shell" : passwordText(password, true);
    const slug = "compose.db_password";
    return [{ slug, file, line, kind, value, subject: name, variables: variablesOf(password) }];
  });
}
