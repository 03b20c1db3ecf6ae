import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { isLoopbackHost, isSameHost } from "../parsers/address.ts";
import { attempt } from "./attempt.ts";
import {
  type EnvironmentValues,
  effectiveAssignment,
  environmentValues,
} from "./environment-values.fact.ts";

/** HUB_URL without anything secret in it. Absent when it is not set or empty. */
export interface HubUrl {
  /** WHATWG-parsable with a host. */
  readonly isParsable: boolean;
  /** Lower case, without the colon; empty when there is none. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** `https://hub.example.test:8443/path`: no userinfo, no query, no fragment. */
  readonly shown: string;
  readonly hasUserinfo: boolean;
  /** Names of query parameters that look like credentials. */
  readonly secretParameters: readonly string[];
  readonly isLoopback: boolean;
  /** The host is one of this machine's own names or addresses. */
  readonly isThisNode: boolean | undefined;
  readonly file: string;
  readonly line?: number;
  readonly layer: string;
}

const HOSTNAME_BYTES_MAX = 4_096;
/** Default ports of the schemes the WHATWG URL standard calls special. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
};

export const hubUrl = defineFact({
  id: "hub-url",
  title: "HUB_URL",
  access: "read",
  timeoutMs: 2_000,
  needs: { environmentValues },
  async collect(context, { environmentValues: values }): Promise<Reading<HubUrl>> {
    const assignment = effectiveAssignment(values, "HUB_URL");
    const text = trimmed(assignment?.value ?? "");
    if (assignment === undefined) {
      const [unread] = values.unreadable;
      if (unread !== undefined) {
        const { file, problem } = unread;
        const detail = `HUB_URL may be set in ${file}, which cannot be read: ${problem.detail}`;
        return unknown(problem.code, detail);
      }
      return absent("HUB_URL is not set");
    }
    if (text === "") return absent("HUB_URL is set to empty");
    const parts = readHubUrl(text);
    const { file, line, layer } = assignment;
    return known({
      ...parts,
      isThisNode: parts.isParsable ? await isThisNode(context, values, parts.host) : undefined,
      file,
      ...(line !== undefined && { line }),
      layer,
    });
  },
});

/** Blanks and quotes around it are the file's, not the URL's. */
function trimmed(value: string): string {
  return value.replace(/^[\s"']+/, "").replace(/[\s"']+$/, "");
}

type UrlParts = Omit<HubUrl, "isThisNode" | "file" | "line" | "layer">;

/**
 * Reads the URL as the agent's client would. WHATWG parsers mend much that others refuse (`https:hub`, a backslash,
 * a line break inside): where readers disagree on the host, the text is no usable URL.
 */
export function readHubUrl(text: string): UrlParts {
  const [, written = ""] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  const url = written === "" || /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (url === null || url.hostname === "") {
    return {
      isParsable: false,
      scheme: written.toLowerCase(),
      host: "",
      port: 0,
      shown: "",
      hasUserinfo: /^[^/?#]*\/\/[^/?#]*@/.test(text),
      secretParameters: [],
      isLoopback: false,
    };
  }
  const scheme = url.protocol.slice(0, -1);
  return {
    isParsable: true,
    scheme,
    host: url.hostname,
    port: Number(url.port) || (DEFAULT_PORTS[scheme] ?? 0),
    shown: `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`,
    hasUserinfo: url.username !== "" || url.password !== "",
    secretParameters: [...new Set(url.searchParams.keys())].filter(isSecretParameter),
    isLoopback: isLoopbackHost(url.hostname),
  };
}

const SECRET_WORDS: ReadonlySet<string> = new Set(
  "token key apikey accesskey authkey secret sig signature password passwd pwd auth credential credentials".split(
    " ",
  ),
);

/** `access_token`, `apiKey`, `X-Amz-Signature`; `monkey` and `design` are none. */
function isSecretParameter(name: string): boolean {
  return name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => SECRET_WORDS.has(word) || /(?:token|secret)$/.test(word));
}

/**
 * Whether the host is one of this machine's addresses or names, or a name the application itself answers to.
 * Loopback does not count: a tunnel to the real hub may begin there. `undefined` when nothing is known to compare with.
 */
async function isThisNode(
  { host, target }: CollectContext,
  values: EnvironmentValues,
  hub: string,
): Promise<boolean | undefined> {
  const allowed = effectiveAssignment(values, "DJANGO_ALLOWED_HOSTS")?.value;
  const own = allowed === undefined ? [] : allowed.split(/[\s,;'"[\]]+/);
  if (target.hostFacts) {
    const addresses = await attempt(() => host.addresses());
    const name = await attempt(() =>
      host.readFile("/proc/sys/kernel/hostname", HOSTNAME_BYTES_MAX),
    );
    own.push(...(knownValue(addresses) ?? []), (knownValue(name) ?? "").trim());
  }
  const names = own.filter((name) => name !== "" && !isLoopbackHost(name));
  if (names.length === 0) return undefined;
  return names.some((name) => isSameHost(name, hub));
}
