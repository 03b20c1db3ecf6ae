import { isSecretName } from "../../core/secret.ts";
import { readDotenv } from "../../parsers/dotenv.ts";
import { readGunicornBind } from "../../parsers/gunicorn-config.ts";
import { type DeployRow, variablesIn } from "./deploy-row.ts";
import { environmentRows, type SetVariable, shownValue } from "./environment-rows.ts";
import { startScriptRows } from "./script-rows.ts";

/** Slugs of source settings by the environment variables they are made of. */
export type VariableSlugs = ReadonlyMap<string, readonly string[]>;

/** What an env file, sample or live, sets: by the variable's name, or by the setting that reads it. */
export function environmentFileRows(
  file: string,
  text: string,
  slugs: VariableSlugs,
): readonly DeployRow[] {
  return readDotenv(text, "python-dotenv").assignments.flatMap(({ key, value, line, raw }) => {
    const isQuoted = raw.trimStart().startsWith("'");
    const variables = isQuoted ? [] : variablesIn(raw.replaceAll(/\$(?!\{)/g, "$$$$"));
    const kind = variables.length > 0 ? ("computed" as const) : ("literal" as const);
    const set: SetVariable = { file, line, key, value, kind, variables };
    return [...interpolationRows(set), ...environmentRows(set), ...readRows(set, slugs)];
  });
}

function interpolationRows({ file, line, key, variables }: SetVariable): readonly DeployRow[] {
  if (variables.length === 0) return [];
  // A secret may hold such text by chance: then it is a piece of it.
  if (isSecretName(key) && !/^[A-Z]+_UR[LI]$/.test(key)) {
    const secret = {
      slug: "env.interpolation",
      file,
      line,
      kind: "computed",
      subject: key,
    } as const;
    return [{ ...secret, value: "made of other variables" }];
  }
  const value = `made of ${variables.map((name) => `\${${name}}`).join(", ")}`;
  const slug = "env.interpolation";
  return [{ slug, file, line, kind: "computed", value, subject: key, variables }];
}

/** A row for every setting in source that reads the variable. */
export function readRows(set: SetVariable, slugs: VariableSlugs): readonly DeployRow[] {
  const { file, line, key, value, kind, variables } = set;
  if (isSecretName(key)) return [];
  return (slugs.get(key) ?? []).map((slug) => ({
    slug,
    file,
    line,
    kind,
    value: shownValue(key, value),
    subject: key,
    variables,
  }));
}

const FIRST_WINS = /\bgrep\b.*\^.*=.*\|.*\bhead\s+-n?\s*1\b|\bgrep\b.*\s-m\s*1\b.*\^.*=/;
const HUB_NAMES =
  /["'](API_KEY_AUTH_ENABLED|CLUSTER_ENABLED|WEBHOOK_SECRET_CLUSTER|HUB_API_KEY)["']/;

/**
 * Shell scripts: the servers they start; those that read an env file line by line, which of two duplicates they
 * take, and hub names.
 */
export function shellRows(file: string, text: string): readonly DeployRow[] {
  return [...startScriptRows(file, text), ...envReaderRows(file, text)];
}

function envReaderRows(file: string, text: string): readonly DeployRow[] {
  if (!text.includes("grep") || !FIRST_WINS.test(text)) return [];
  return text.split(/\r?\n/).flatMap((written, index): readonly DeployRow[] => {
    if (/^\s*#/.test(written)) return [];
    const place = { file, line: index + 1, kind: "computed" as const };
    if (FIRST_WINS.test(written))
      return [{ ...place, slug: "seed.env_first_wins", value: "first duplicate key wins" }];
    const name = HUB_NAMES.exec(written)?.[1];
    const isRead = /\$\(\s*[\w-]+\s+["']/.test(written);
    if (name === undefined || !isRead) return [];
    return [
      { ...place, slug: "seed.env_name", value: `hub mode comes from ${name}`, subject: name },
    ];
  });
}

const GUNICORN_SETTING = /^(forwarded_allow_ips|reload|user|workers)\s*=\s*([^#]+)/;
const GUNICORN_SLUGS: Readonly<Record<string, string>> = {
  forwarded_allow_ips: "proxy.trusted",
  reload: "gunicorn.reload",
  user: "gunicorn.user",
  workers: "gunicorn.workers",
};

/** What a `gunicorn.conf.py` says at its top level: address, trust in headers, reload, account. */
export function gunicornRows(file: string, text: string): readonly DeployRow[] {
  const bind = readGunicornBind(text);
  const settings = text.split(/\r?\n/).flatMap((written, index): readonly DeployRow[] => {
    const [, key = "", given = ""] = GUNICORN_SETTING.exec(written) ?? [];
    const slug = GUNICORN_SLUGS[key];
    if (slug === undefined) return [];
    const isLiteral = /^(?:["'][^"']*["']|\d+|True|False|None)$/.test(given.trim());
    const value = isLiteral ? given.trim().replace(/^["']|["']$/g, "") : "computed";
    return [{ slug, file, line: index + 1, kind: isLiteral ? "literal" : "computed", value }];
  });
  if (bind === undefined) return settings;
  const { addresses, line } = bind;
  const kind =
    addresses.length === 0 || addresses.some((one) => one.includes("$")) ? "computed" : "literal";
  const value = addresses.length === 0 ? "computed" : addresses.join(", ");
  return [{ slug: "bind.address", file, line, kind, value }, ...settings];
}

const LOADS =
  /^\s*(?:\w+\s*=\s*)?(?:[\w.]+\.)?(?:load_dotenv|read_env)\s*\((.*)|^\s*(?:(?:const|let|var)\s+\w+\s*=\s*)?(?:require\(["']dotenv["']\)|dotenv)\.config\((.*)|^\s*import\s+["']dotenv\/config["']()/;

/** The call that loads an env file, in Python and Node. */
export function loaderRows(file: string, text: string): readonly DeployRow[] {
  if (!/dotenv|read_env/.test(text)) return [];
  return text.split(/\r?\n/).flatMap((written, index) => {
    const match = LOADS.exec(written);
    if (match === null) return [];
    const given = (match[1] ?? match[2] ?? "").replace(/\)\s*;?\s*$/, "").trim();
    const value = given === "" ? ".env is loaded" : `loads (${given})`;
    return [{ slug: "env.load", file, line: index + 1, kind: "computed" as const, value }];
  });
}
