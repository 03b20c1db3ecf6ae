import { resolve } from "node:path";

import type { ReportedFinding } from "../core/report.ts";
import type { ProxyKind } from "../facts/proxy-routes.fact.ts";
import { printable } from "../report/printable.ts";
import { AUDIT_OPTIONS, OUTPUT_OPTIONS } from "./audit-options.ts";
import { type Command, nearest, type Options } from "./command.ts";
import { UsageError } from "./io.ts";
import { isColoured, outputsOf, writeOutputs } from "./output.ts";
import type { ProxyAsking } from "./proxy-session.ts";
import { compileForShortRun, keepYoungSpaceSmall } from "./target-stream.ts";

const { only, skip, timeout, now } = AUDIT_OPTIONS;
const { format, json, color } = OUTPUT_OPTIONS;

/** More than anybody types: what a shell makes of `sites-enabled/*`. */
const ARGUMENTS_MAX = 10_000;

export const proxyCommand: Command = {
  name: "proxy",
  summary:
    "Audits the configuration of a reverse proxy: nginx, Caddy, Apache, HAProxy, Traefik. Needs no host.",
  positionals: "FILE|DIR...",
  positionalsMax: ARGUMENTS_MAX,
  options: {
    kind: {
      type: "string",
      value: "KIND",
      help: "nginx, caddyfile, apache, haproxy or traefik, instead of telling it by the text",
    },
    "nginx-version": {
      type: "string",
      value: "V",
      help: "the nginx that reads it (1.22.1): defaults depend on it",
    },
    "openssl-version": {
      type: "string",
      value: "V",
      help: "the OpenSSL that nginx runs with (3.0.17)",
    },
    request: {
      type: "string",
      multiple: true,
      value: "URL",
      help: "tell what nginx would do with it, and which lines decide (repeatable)",
    },
    pedantic: { type: "boolean", help: "also rules of taste and speed" },
    diff: { type: "boolean", help: "print one patch of all suggestions, and nothing else" },
    only,
    skip,
    strict: { type: "boolean", help: "a warning counts as a failure; so does a critical unknown" },
    json,
    format,
    color,
    verbose: { type: "boolean", short: "v", help: "every place, every note, what passed" },
    timeout,
    now,
  },
  examples: [
    "plimsoll proxy /etc/nginx --nginx-version 1.22.1",
    "plimsoll proxy nginx.conf --diff | patch -p0",
    "plimsoll proxy /etc/nginx --request https://app.example.org/static/../x",
    "plimsoll proxy Caddyfile --format text --format json:proxy.json",
  ],
  async run({ options, positionals, io }) {
    if (positionals.length === 0) {
      throw new UsageError(
        'which configuration? write "plimsoll proxy FILE" or "plimsoll proxy DIR"',
      );
    }
    const outputs = outputsOf(options, io.directory);
    isColoured(options, io); // A wrong --color is said before the audit, not after it.
    const asking = {
      paths: positionals.map((path) => resolve(io.directory, path)),
      ...kindOption(options.text("kind")),
      ...versionOptions(options),
      isPedantic: options.isOn("pedantic"),
      requests: await requestsOf(options.texts("request")),
    };
    const [{ auditProxies }, { createLocalHost }] = await Promise.all([
      import("./proxy-session.ts"),
      import("../host/local-host.ts"),
    ]);
    // Trees of a host farm are garbage soon: a small young generation keeps the process small.
    keepYoungSpaceSmall();
    compileForShortRun();
    const host = createLocalHost({ granted: new Set(["read"]), environment: io.environment });
    const result = await auditProxies(host, asking, options, io);
    const { suggestionsOf, patchOf } = await import("./proxy-suggestions.ts");
    if (options.isOn("diff")) {
      const { diff, left } = await patchOf(host, result);
      for (const { edit, because } of left) {
        io.stderr(`plimsoll: ${printable(edit.file)}:${edit.line}: not in the patch: ${because}\n`);
      }
      io.stdout(diff);
      return result.report.exitCode;
    }
    const needsText = outputs.some((output) => output.format === "text");
    const suggestions = needsText
      ? await suggestionsOf(host, result, options.isOn("verbose"))
      : new Map<ReportedFinding, never>();
    const { renderProxyText } = await import("../report/proxy.report.ts");
    writeOutputs(result.report, outputs, options, io, (report, text) =>
      renderProxyText(report, suggestions, text),
    );
    return result.report.exitCode;
  },
};

async function requestsOf(texts: readonly string[]): Promise<ProxyAsking["requests"]> {
  if (texts.length === 0) return [];
  const { parseAskedRequest } = await import("../facts/proxy-request.ts");
  return texts.map((text) => {
    const request = parseAskedRequest(text);
    if (request !== undefined) return request;
    throw new UsageError(`--request takes an address as https://HOST/PATH, not "${text}"`);
  });
}

const KINDS: Readonly<Record<string, ProxyKind>> = {
  nginx: "nginx",
  caddyfile: "caddy",
  caddy: "caddy",
  apache: "apache",
  haproxy: "haproxy",
  traefik: "traefik",
};

function kindOption(text: string | undefined): { readonly kind?: ProxyKind } {
  if (text === undefined) return {};
  const kind = Object.hasOwn(KINDS, text) ? KINDS[text] : undefined;
  if (kind !== undefined) return { kind };
  const near = nearest(text, Object.keys(KINDS));
  const hint =
    near === undefined ? `one of: ${Object.keys(KINDS).join(", ")}` : `did you mean "${near}"?`;
  throw new UsageError(`--kind: no such proxy "${text}"; ${hint}`);
}

function versionOptions(options: Options): {
  readonly nginxVersion?: string;
  readonly opensslVersion?: string;
} {
  const nginxVersion = versionOption(options, "nginx-version");
  const opensslVersion = versionOption(options, "openssl-version");
  if (opensslVersion !== undefined && nginxVersion === undefined) {
    throw new UsageError("--openssl-version says what nginx runs with; give --nginx-version too");
  }
  return {
    ...(nginxVersion !== undefined && { nginxVersion }),
    ...(opensslVersion !== undefined && { opensslVersion }),
  };
}

/** Three numbers, with or without the name in front and a package's suffix behind. */
function versionOption(options: Options, name: string): string | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const version = /^(?:nginx\/|openssl[ /]|v)?(\d{1,4}\.\d{1,4}\.\d{1,4})(?:[-+~a-z].*)?$/i.exec(
    text.trim(),
  )?.[1];
  if (version === undefined)
    throw new UsageError(`--${name} takes a version as 1.22.1, not "${text}"`);
  return version;
}
