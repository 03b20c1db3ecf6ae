import { parseBindAddress } from "../../parsers/command-line/address.ts";
import { readCommandLine } from "../../parsers/command-line.ts";
import { bindRows } from "./bind-rows.ts";
import { type DeployRow, lineHolding, variablesIn } from "./deploy-row.ts";
import { environmentRows } from "./environment-rows.ts";

interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** `key = value` lines of an ini file with their section; a value goes on in indented lines. */
export function iniEntries(text: string): readonly IniEntry[] {
  const entries: { section: string; key: string; value: string; line: number }[] = [];
  let section = "";
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:[;#]|$)/.test(written)) continue;
    const name = /^\s*\[([^\]]*)\]/.exec(written)?.[1];
    const [, key, value] = /^([^\s=:][^=]*?)\s*=\s*(.*)$/.exec(written) ?? [];
    const last = entries.at(-1);
    if (name !== undefined) section = name;
    else if (key !== undefined) entries.push({ section, key, value: value ?? "", line: index + 1 });
    else if (/^\s/.test(written) && last !== undefined) last.value += ` ${written.trim()}`;
  }
  return entries;
}

const UWSGI_SOCKETS = /^(?:http|https|http-socket|https-socket|socket|uwsgi-socket|http11-socket)$/;

/** What a uWSGI configuration says: module, account, addresses, response headers. */
export function uwsgiRows(file: string, text: string): readonly DeployRow[] {
  return iniEntries(text).flatMap(({ section, key, value, line }) => {
    if (section !== "uwsgi") return [];
    const row = (slug: string, shown: string, subject = key): readonly DeployRow[] => [
      { slug, file, line, kind: "literal", value: shown, subject },
    ];
    if (key === "env") {
      const [, name = "", set = ""] = /^([^=]*)=(.*)$/.exec(value) ?? [];
      return environmentRows({
        file,
        line,
        key: name,
        value: set,
        kind: "literal",
        variables: variablesIn(set),
      });
    }
    if (key === "uid") return row("uwsgi.user", value);
    if (UWSGI_SOCKETS.test(key)) return row("bind.address", socketText(value));
    if (key === "stats") return row("uwsgi.stats", value);
    return headerRows(key, value).flatMap(([slug, shown]) => row(slug, shown));
  });
}

function socketText(value: string): string {
  const bind = parseBindAddress(value.split(",", 1)[0] ?? "", 0);
  if (bind === undefined) return value;
  return bind.isUnixSocket ? `unix socket ${bind.address}` : `${bind.address || "*"}:${bind.port}`;
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  "content-security-policy": "csp",
  "strict-transport-security": "hsts",
  "x-content-type-options": "nosniff",
  "x-frame-options": "frame_options",
  "referrer-policy": "referrer_policy",
};

/** `add-header = X: y` and `route = ^/static/ addheader:X: y` (uWSGI documentation, InternalRouting). */
function headerRows(key: string, value: string): readonly (readonly [string, string])[] {
  const routed = /^route[\w-]*$/.test(key) ? /^(\S+)\s+addheader:(.*)$/.exec(value) : null;
  const field = key === "add-header" ? value : routed?.[2];
  const [, name = "", text = ""] = /^\s*([\w-]+):\s*(.*)$/.exec(field ?? "") ?? [];
  if (name === "") return [];
  const lower = name.toLowerCase();
  const short = SHORT_NAMES[lower] ?? lower.replaceAll("-", "_");
  const isStatic = /static|media|assets/.test(routed?.[1] ?? "");
  return [[`headers.${isStatic ? "static_" : ""}${short}`, text]];
}

/** What supervisord starts, and as whom. */
export function supervisorRows(file: string, text: string): readonly DeployRow[] {
  const lines = text.split(/\r?\n/);
  return iniEntries(text).flatMap(({ section, key, value, line }) => {
    const subject = /^program:(.*)$/.exec(section)?.[1];
    const isMain = section === "supervisord";
    if (key === "user" && (subject !== undefined || isMain)) {
      const slug = "supervisor.user";
      return [{ slug, file, line, kind: "literal" as const, value, subject: subject ?? section }];
    }
    if (key !== "command" || subject === undefined) return [];
    const end = line + value.split(" ").length;
    return bindRows(readCommandLine(value).binds, { file, lines, line, end, subject });
  });
}

/** `web: gunicorn app:app --bind :$PORT`. */
export function procfileRows(file: string, text: string): readonly DeployRow[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((written, index) => {
    const [, subject, command] = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(written) ?? [];
    if (subject === undefined || command === undefined) return [];
    const line = lineHolding(lines, index + 1, index + 1, command);
    const place = { file, lines, line, end: line, subject };
    return bindRows(readCommandLine(command).binds, place);
  });
}
