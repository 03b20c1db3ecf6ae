import { type DeployRow, variablesIn } from "./deploy-row.ts";

const COMMENTED_PORT =
  /^\s*#+\s*-\s*["']?(?:(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]+\]):)?(?:\d{1,5}(?:-\d{1,5})?|\$\{?\w+[^:}]*\}?):\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp))?["']?\s*(?:#.*)?$/i;
const COMMENTED_TLS =
  /^\s*#\s*-?\s*["']?[\w.-]*(?:TLS|SSL|CERT|HTTPS|ACME|LETSENCRYPT)[\w.-]*["']?\s*[:=]\s*\S/i;
/** Settings of mail and databases that are about another connection than the site's own. */
const OTHER_TLS = /(?:SMTP|E?MAIL|IMAP|LDAP|REDIS|DB|DATABASE|POSTGRES|PG|MYSQL|SSLMODE)/i;
const REQUIRED = /\$\{([A-Za-z_]\w*):?\?/g;

/** What a compose file has in comments only, and variables it cannot start without. */
export function composeCommentRows(file: string, lines: readonly string[]): readonly DeployRow[] {
  return lines.flatMap((written, index) => {
    const line = index + 1;
    if (/^\s*#/.test(written)) return commentRow(file, line, written);
    const names = [...written.matchAll(REQUIRED)].map(([, name = ""]) => name);
    if (names.length === 0) return [];
    const value = `refuses to start without ${names.join(", ")}`;
    const variables = variablesIn(names.map((name) => `$${name}`).join(" "));
    return [{ slug: "compose.required_var", file, line, kind: "env" as const, value, variables }];
  });
}

function commentRow(file: string, line: number, written: string): readonly DeployRow[] {
  const row = (slug: string): DeployRow => ({
    slug,
    file,
    line,
    kind: "literal",
    value: "commented out",
  });
  if (COMMENTED_PORT.test(written)) return [row("compose.port.commented")];
  const [key = ""] = written.split(/[:=]/, 1);
  const isTls = COMMENTED_TLS.test(written) && !OTHER_TLS.test(key) && !key.trim().includes("  ");
  return isTls ? [row("compose.tls_commented")] : [];
}
