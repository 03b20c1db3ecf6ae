import type { Finding } from "../../core/check.ts";
import { knownValue } from "../../core/reading.ts";
import type { NamedSetting, ProxyGlobal } from "../../facts/proxy-site.ts";
import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { isLocalAddress } from "../route/address.ts";
import { globalFinding } from "./global-finding.ts";
import { siteFinding } from "./site-finding.ts";

/** The runtime API over TCP: `level admin` changes servers, maps and certificates. */
export const haproxySocketRule: GlobalRule = (global): readonly Finding[] => {
  const { name, value = "" } = global;
  if (name !== "stats.socket") return [];
  const [address = "", ...words] = value.split(/\s+/);
  const isTcp = !/^(?:\/|unix@|abns@|fd@|sockpair@|\$)/.test(address) && /:\d+$/.test(address);
  const bare = address.replace(/^(?:ipv4|ipv6|tcp4|tcp6)@/, "").replace(/:\d+$/, "");
  // `level` may stand in the global `stats` words of the same line only; without it it is operator.
  const level = words[words.indexOf("level") + 1];
  const isAdmin = words.includes("level") && level === "admin";
  if (isTcp && !isLocalAddress(bare)) {
    return [
      globalFinding(global, {
        rule: "stats-socket-exposed",
        status: isAdmin ? "fail" : "warn",
        message: `The runtime API listens on ${address}${isAdmin ? " with level admin" : ""}: whoever reaches it commands HAProxy`,
        fix: "Write: stats socket /run/haproxy/admin.sock mode 660 level admin",
      }),
    ];
  }
  return isTcp ? [] : openToAll(global, words);
};

/** A unix socket whose mode lets others write to it. */
function openToAll(global: ProxyGlobal, words: readonly string[]): readonly Finding[] {
  const mode = words[words.indexOf("mode") + 1] ?? "";
  if (!words.includes("mode") || !/[2367]$/.test(mode)) return [];
  return [
    globalFinding(global, {
      rule: "stats-socket-exposed",
      status: "warn",
      message: `Every user of the machine may write to the runtime API (mode ${mode})`,
      fix: "Write: mode 660, and a group for those who may",
    }),
  ];
}

/** Settings of time that HAProxy itself warns about when they are missing. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  "timeout.client",
  "timeout.server",
  "timeout.connect",
]);

/** Connections that nobody ends. */
export const haproxyTimeoutRule: SiteRule = (site) =>
  site.settings
    .filter(
      ({ name, value }) => TIMEOUTS.has(name) && (value === undefined || /^0+[a-z]*$/.test(value)),
    )
    .map((setting) =>
      siteFinding(site, {
        rule: "timeouts-missing",
        status: "warn",
        at: setting,
        text: setting.text,
        subject: words(setting),
        message: `No ${words(setting)} is in force: connections stay open for as long as the other side likes`,
        fix: "Write in defaults: timeout connect 5s, timeout client 30s, timeout server 30s",
      }),
    );

function words({ name }: NamedSetting): string {
  return name.replace(".", " ");
}

/** A client may send its request as slowly as it likes (Slowloris). */
export const haproxyRequestTimeoutRule: SiteRule = (site) => {
  const mode = site.settings.find(({ name }) => name === "mode")?.value;
  const missing = site.settings.find(
    ({ name, value }) => name === "timeout.http-request" && value === undefined,
  );
  if (mode !== "http" || missing === undefined) return [];
  return [
    siteFinding(site, {
      rule: "timeout-http-request-missing",
      status: "note",
      at: missing,
      text: missing.text,
      message:
        "No timeout http-request is in force: timeout client applies between any two bytes of a request",
      fix: "Write in defaults: timeout http-request 10s",
    }),
  ];
};

/** No `chroot`: what gets into HAProxy sees all files of the machine. */
export const haproxyChrootRule: GlobalRule = (global) =>
  global.name !== "chroot" || global.value !== undefined
    ? []
    : [
        globalFinding(global, {
          rule: "chroot-missing",
          status: "note",
          message: "HAProxy is not confined to a directory (chroot)",
          fix: "Write in global: chroot /var/lib/haproxy",
        }),
      ];

/** No `user`: what gets into HAProxy has the rights of whoever started it. */
export const haproxyUserRule: GlobalRule = (global, wanted): readonly Finding[] => {
  const { name, value, file } = global;
  if (name !== "user" || (value !== undefined && value !== "root")) return [];
  const hasUid = knownValue(wanted.globals)?.some(
    (one) => one.proxy === "haproxy" && one.name === "uid" && one.value !== undefined,
  );
  if (value === undefined && hasUid === true) return [];
  // Images start HAProxy as a user of its own; a package's configuration lies in /etc.
  const isOwnUser = value === undefined && !file.startsWith("/etc/");
  return [
    globalFinding(global, {
      rule: "runs-as-root",
      status: isOwnUser ? "note" : "warn",
      message:
        value === "root"
          ? "HAProxy keeps the rights of root"
          : "HAProxy keeps the rights it is started with: no user is set",
      fix: "Write in global: user haproxy and group haproxy",
    }),
  ];
};

const TOLERANT: ReadonlySet<string> = new Set([
  "option.accept-invalid-http-request",
  "option.accept-unsafe-violations-in-http-request",
  "option.accept-invalid-http-response",
]);

/** Requests the standard forbids are let through: how the application reads them is open. */
export const haproxyInvalidRule: SiteRule = (site) =>
  site.settings
    .filter(({ name }) => TOLERANT.has(name))
    .map((setting) => {
      const option = setting.name.slice("option.".length);
      return siteFinding(site, {
        rule: "invalid-requests-accepted",
        status: option.endsWith("response") ? "note" : "warn",
        at: setting,
        text: setting.text,
        subject: option,
        message: `option ${option} lets through what RFC 9112 forbids (request smuggling)`,
        fix: `Take option ${option} away`,
        edits: [{ file: setting.file, line: setting.line, action: "replace", text: "" }],
      });
    });
