import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import type { FieldChange, RateLimit, Setting, SiteRoute } from "../proxy-site.ts";
import { setTo, UNSET, untold } from "../proxy-tls.ts";
import { apacheText, lastOf, wordsOfNode } from "./apache-scope.ts";
import { fieldValue } from "./secret-field.ts";

const CHANGES: ReadonlyMap<string, FieldChange["change"]> = new Map([
  ["set", "set"],
  ["add", "add"],
  ["append", "add"],
  ["merge", "add"],
  ["setifempty", "default"],
  ["unset", "remove"],
]);

/** `Header [always|onsuccess] set NAME VALUE [env=...|expr=...]` and `RequestHeader ...`, in order. */
export function headerChanges(nodes: readonly ApacheNode[], name: string): readonly FieldChange[] {
  return nodes
    .filter((node) => isNamed(node, name))
    .flatMap((node): readonly FieldChange[] => {
      const words = [...wordsOfNode(node)];
      const table = /^(?:always|onsuccess)$/i.test(words[0] ?? "") ? words.shift() : undefined;
      const [action = "", written = "", value = "", ...rest] = words;
      const change = CHANGES.get(action.toLowerCase());
      if (change === undefined) return [];
      const field = written.replace(/:$/, "").toLowerCase();
      const tail = change === "remove" ? [value, ...rest] : rest;
      const isAlways = name !== "Header" || table?.toLowerCase() === "always";
      return [
        {
          name: field,
          change,
          ...(change !== "remove" && fieldValue(field, value)),
          scope: isAlways ? "always" : "success",
          ...(name === "Header" && isAlways && { isBeside: true as const }),
          ...conditionOf(tail.find((word) => /^(?:env|expr)=/i.test(word))),
          file: node.file,
          line: node.line,
        },
      ];
    });
}

/** `env=HTTPS` and `expr=%{HTTPS} == 'on'` say how a request came. */
function conditionOf(word: string | undefined): Pick<FieldChange, "scheme" | "condition"> {
  if (word === undefined) return {};
  if (/^env=HTTPS$/i.test(word)) return { scheme: "https" };
  if (/^env=!HTTPS$/i.test(word)) return { scheme: "http" };
  const expression =
    /^expr=\s*%\{(HTTPS|REQUEST_SCHEME)\}\s*(?:==|=|-strmatch|-eq)\s*['"]?(on|off|https?)['"]?\s*$/i.exec(
      word,
    );
  const value = expression?.[2]?.toLowerCase();
  if (value === undefined) return { condition: word.slice(0, 200) };
  return { scheme: value === "on" || value === "https" ? "https" : "http" };
}

/** What mod_proxy adds by itself, and the name it asks the upstream for. */
export function proxyFields(
  lists: readonly (readonly ApacheNode[])[],
  at: ApacheNode,
): readonly FieldChange[] {
  const { file, line } = at;
  const isOn = (name: string, byDefault: boolean): boolean => {
    const node = lastOf(lists, name);
    return node === undefined ? byDefault : node.args[0]?.text.toLowerCase() === "on";
  };
  const implicit = (name: string, value: string): FieldChange => ({
    name,
    change: "add",
    value,
    scope: "always",
    isImplicit: true,
    file,
    line,
  });
  return [
    ...(isOn("ProxyAddHeaders", true)
      ? [
          implicit("x-forwarded-for", "%{REMOTE_ADDR}"),
          implicit("x-forwarded-host", "%{HTTP_HOST}"),
        ]
      : []),
    ...(isOn("ProxyPreserveHost", false)
      ? [{ ...implicit("host", "%{HTTP_HOST}"), change: "set" as const }]
      : []),
  ];
}

/** `LimitRequestBody` in force, in bytes. */
export function bodyMaxOf(lists: readonly (readonly ApacheNode[])[]): SiteRoute["bodyMax"] {
  const node = lastOf(lists, "LimitRequestBody");
  if (node === undefined) return UNSET;
  const text = node.args[0]?.text ?? "";
  if (!/^\d{1,19}$/.test(text)) return untold(`${node.file}:${node.line} holds no number`);
  const bytes = Number(text);
  return setTo(bytes === 0 ? "unlimited" : bytes, apacheText(node), node);
}

/** Directives of mod_qos, mod_evasive and mod_limitipconn, and mod_ratelimit's filter. */
const LIMITS = /^(?:QS_(?:Srv|Client|Loc|Cond)\w*|DOS(?:Page|Site)Count|MaxConnPerIP)$/i;

export function limitsOf(nodes: readonly ApacheNode[]): readonly RateLimit[] {
  return nodes
    .filter(
      (node) =>
        LIMITS.test(node.name) ||
        (/^(?:SetOutputFilter|SetEnv)$/i.test(node.name) &&
          /^(?:RATE_LIMIT|rate-limit)$/i.test(node.args[0]?.text ?? "")),
    )
    .map((node) => ({ key: apacheText(node), isDryRun: false, file: node.file, line: node.line }));
}

/** Whether upstreams' certificates are checked: `SSLProxyVerify`, and the names in them. */
export function verifiedOf(lists: readonly (readonly ApacheNode[])[]): Setting<boolean> {
  const verify = lastOf(lists, "SSLProxyVerify");
  if (verify === undefined) return UNSET;
  const word = verify.args[0]?.text.toLowerCase() ?? "";
  if (word !== "require") return setTo(false, apacheText(verify), verify);
  for (const name of ["SSLProxyCheckPeerName", "SSLProxyCheckPeerCN", "SSLProxyCheckPeerExpire"]) {
    const node = lastOf(lists, name);
    if (name !== "SSLProxyCheckPeerCN" && node?.args[0]?.text.toLowerCase() === "off")
      return setTo(false, apacheText(node), node);
  }
  return setTo(true, apacheText(verify), verify);
}
