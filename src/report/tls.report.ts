import { styleText } from "node:util";

import type { ControlResult, Report } from "../core/report.ts";
import {
  TLS_PROTOCOLS,
  TLS_VULNERABILITIES,
  type TlsCertificate,
  type TlsGrade,
  type TlsProtocol,
  type TlsScan,
} from "../core/tls-scan.ts";
import { describeSuite } from "../core/tls-suite.ts";
import { printable, wrap } from "./printable.ts";

/** What the command line computed beside the report, one element a scanned address. */
export interface TlsView {
  readonly scan: TlsScan;
  readonly grade?: TlsGrade;
  /** Mozilla 6.0: which profile the server conforms to, and what keeps it from the next. */
  readonly mozilla?: { readonly profile: string; readonly differences: readonly string[] };
  /** Client simulation, computed and not measured. */
  readonly clients?: readonly { readonly client: string; readonly result: string }[];
}

export interface TlsTextOptions {
  readonly isColoured: boolean;
  readonly isVerbose: boolean;
}

const COLUMNS = 100;
const INDENT = "  ";

/** Problems first, then protocols and suites, certificates, features, the grade with its arithmetic. */
export function renderTlsText(
  report: Report,
  views: readonly TlsView[],
  options: TlsTextOptions,
): string {
  return [
    ...views.flatMap((view) => [...addressBlock(view, options), ""]),
    ...verdictLines(report, options),
    "",
  ].join("\n");
}

function addressBlock(view: TlsView, options: TlsTextOptions): readonly string[] {
  const { scan, grade } = view;
  const name = scan.host.includes(":") ? `[${scan.host}]` : scan.host;
  const mark =
    grade === undefined
      ? ""
      : `   grade ${grade.grade}${grade.provisional.length > 0 ? " (provisional)" : ""}`;
  const head = strong(printable(`${name}:${scan.port}  ${scan.address}${mark}`), options);
  const cost = `${scan.connections} connections, ${(scan.durationMs / 1_000).toFixed(2)} s`;
  if (scan.state !== "tls")
    return [
      head,
      `${INDENT}${stateWord(scan)}: ${printable(scan.why ?? "no reason given")}`,
      `${INDENT}${cost}`,
    ];
  return [
    head,
    "",
    ...suiteLines(scan, options),
    "",
    ...(scan.certificates ?? []).flatMap(certificateLines),
    ...(scan.certificates === null
      ? [`${INDENT}Certificate   unknown: the server showed none that could be read`]
      : []),
    ...featureLines(scan),
    ...vulnerabilityLines(scan, options),
    "",
    ...(grade === undefined ? [] : gradeLines(grade)),
    ...(view.mozilla === undefined ? [] : mozillaLines(view.mozilla, options)),
    ...(options.isVerbose ? clientLines(view.clients ?? []) : []),
    ...scan.notes.flatMap((note) => row("Note", note)),
    `${INDENT}${cost}`,
  ];
}

function stateWord({ state }: TlsScan): string {
  return { tls: "TLS", "not-tls": "Not TLS", unreachable: "Unreachable", unknown: "Unknown" }[
    state
  ];
}

function suiteLines(scan: TlsScan, options: TlsTextOptions): readonly string[] {
  const { protocols } = scan;
  if (protocols === null) return row("Protocols", "unknown: none of the questions was answered");
  const refused = TLS_PROTOCOLS.filter(
    (name) => !protocols.includes(name) && !scan.protocolsUnknown.includes(name),
  );
  return [
    ...[...protocols].reverse().flatMap((protocol) => protocolLines(scan, protocol, options)),
    ...(refused.length > 0 ? row("Refused", refused.join(", ")) : []),
    ...(scan.protocolsUnknown.length > 0 ? row("No answer", scan.protocolsUnknown.join(", ")) : []),
    ...row(
      "Order",
      { true: "the server's", false: "the client's", null: "not told" }[`${scan.serverOrder}`],
    ),
    ...row("Groups", listOr(scan.groups, "none")),
    ...(scan.dhBits === undefined
      ? []
      : row(
          "DH prime",
          `${scan.dhBits} bits${scan.dhCommonPrime === undefined ? "" : `, widely shared: ${scan.dhCommonPrime}`}`,
        )),
  ];
}

function protocolLines(
  scan: TlsScan,
  protocol: TlsProtocol,
  options: TlsTextOptions,
): readonly string[] {
  const suites = scan.suites[protocol];
  const incomplete = scan.suitesIncomplete[protocol];
  const lines = (suites ?? []).map((name) =>
    `${INDENT}${" ".repeat(14)}${name.padEnd(48)} ${suiteNotes(name, options)}`.trimEnd(),
  );
  return [
    `${INDENT}${strong(protocol.padEnd(12), options)}  ${suites === undefined ? "suites unknown" : `${suites.length} suites`}${incomplete === undefined ? "" : printable(`, list not complete: ${incomplete}`)}`,
    ...lines,
  ];
}

/** What an expert wants to see beside the name: strength, forward secrecy, and what is wrong with it. */
function suiteNotes(name: string, options: TlsTextOptions): string {
  const suite = describeSuite(name);
  const faults = [
    suite.isNull && "no encryption",
    suite.isExport && "export",
    suite.isRc4 && "RC4",
    suite.isSmallBlock && "64-bit block",
    suite.authentication === "anon" && "anonymous",
    suite.isMd5 && "MD5",
  ].filter((text) => text !== false);
  const traits = [
    `${suite.bits} bits`,
    !suite.isForwardSecret && "no forward secrecy",
    suite.isCbc && "CBC",
  ].filter((text) => text !== false);
  const bad = faults.length > 0 ? paint(faults.join(", "), "red", options) : "";
  return [traits.join(", "), bad].filter((text) => text !== "").join("  ");
}

function certificateLines(certificate: TlsCertificate): readonly string[] {
  const {
    keyType,
    keyBits,
    curve,
    signature,
    subject,
    names,
    notBefore,
    notAfter,
    trusted,
    problems,
  } = certificate;
  const key = [keyType, curve ?? `${keyBits} bits`].join(" ");
  const trust = {
    yes: "trusted",
    "by-your-ca": "trusted by your CA, not publicly",
    no: "not trusted",
    unknown: "trust not told",
  }[trusted];
  return [
    ...row(
      "Certificate",
      `${subject}  (${key}, ${signature}; ${trust}; seen with ${certificate.seenWith.join(", ")})`,
    ),
    ...row("", `names ${names.join(", ") || "none"}`),
    ...row(
      "",
      `valid ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}, ${certificate.scts} SCTs`,
    ),
    ...row("", `chain ${certificate.chain.map((link) => link.subject).join(" <- ")}`),
    ...(problems.length > 0 ? row("", `problems: ${problems.join(", ")}`) : []),
  ];
}

function featureLines(scan: TlsScan): readonly string[] {
  const { tickets } = scan;
  const lifetime = tickets.lifetimeSeconds === undefined ? "" : ` (${tickets.lifetimeSeconds} s)`;
  const told = (value: boolean | null) => (value === null ? "unknown" : value ? "yes" : "no");
  return row(
    "Features",
    [
      `ALPN ${listOr(scan.alpn, "none")}`,
      `stapling ${scan.staple}`,
      `tickets ${told(tickets.isOffered)}${lifetime}`,
      `0-RTT ${scan.earlyData === null ? "unknown" : scan.earlyData > 0 ? `up to ${scan.earlyData} bytes` : "no"}`,
      `client certificate ${scan.clientCertificate}`,
      `without name ${scan.sni.withoutName}, wrong name ${scan.sni.wrongName}`,
      `secure renegotiation ${told(scan.secureRenegotiation)}, by the client ${scan.clientRenegotiation}`,
      `fallback SCSV ${scan.fallbackScsv}`,
    ].join("; "),
  );
}

function vulnerabilityLines(
  { vulnerabilities }: TlsScan,
  options: TlsTextOptions,
): readonly string[] {
  const named = (verdict: string) =>
    TLS_VULNERABILITIES.filter((name) => vulnerabilities[name] === verdict);
  const found = named("vulnerable");
  const open = named("unknown");
  return [
    ...(found.length > 0
      ? row("Weaknesses", found.join(", ")).map((line) => paint(line, "red", options))
      : row(
          "Weaknesses",
          `none of the ${TLS_VULNERABILITIES.length - open.length} that could be asked`,
        )),
    ...(open.length > 0 ? row("Not told", open.join(", ")) : []),
  ];
}

function gradeLines({
  grade,
  score,
  parts,
  caps,
  ifTrustIgnored,
  provisional,
  notes,
}: TlsGrade): readonly string[] {
  const { protocolSupport, keyExchange, cipherStrength } = parts;
  return [
    ...row(
      "Grade",
      `${grade} (SSL Labs 2009r): 0.3 x ${protocolSupport} protocol + 0.3 x ${keyExchange} key exchange + 0.4 x ${cipherStrength} cipher = ${score.toFixed(1)}`,
    ),
    ...caps.flatMap(({ to, because }) => row("", `capped to ${to}: ${because}`)),
    ...(ifTrustIgnored === undefined ? [] : row("", `if trust is ignored: ${ifTrustIgnored}`)),
    ...provisional.flatMap((why) => row("", `provisional: ${why}`)),
    ...notes.flatMap((note) => row("", note)),
  ];
}

function mozillaLines(
  { profile, differences }: NonNullable<TlsView["mozilla"]>,
  { isVerbose }: TlsTextOptions,
): readonly string[] {
  if (isVerbose) {
    return [...row("Mozilla 6.0", profile), ...differences.flatMap((text) => row("", text))];
  }
  const more =
    differences.length > 0 ? `; ${differences.length} differences, listed by --verbose` : "";
  return row("Mozilla 6.0", `${profile}${more}`);
}

function clientLines(clients: NonNullable<TlsView["clients"]>): readonly string[] {
  return clients.flatMap(({ client, result }, at) =>
    row(at === 0 ? "Clients" : "", `${client.padEnd(28)} ${result}`),
  );
}

function verdictLines(report: Report, options: TlsTextOptions): readonly string[] {
  const open = report.controls.filter(
    ({ status }) => status === "fail" || status === "warn" || status === "unknown",
  );
  return [
    ...open.flatMap((control) => controlLines(control, options)),
    ...(open.length > 0 ? [""] : []),
    tally(report),
  ];
}

function controlLines(
  { id, status, summary, findings }: ControlResult,
  options: TlsTextOptions,
): readonly string[] {
  const colour = status === "fail" ? "red" : status === "warn" ? "yellow" : "magenta";
  const others = findings.filter(({ message }) => !summary.startsWith(message));
  return [
    `${paint(status.toUpperCase().padEnd(8), colour, options)}  ${id}: ${printable(summary)}`,
    ...others.map(({ message }) => `          - ${printable(message)}`),
    ...[...new Set(findings.map(({ fix }) => fix))].map(
      (fix) => `          ${paint("Fix:", "cyan", options)} ${printable(fix)}`,
    ),
  ];
}

function tally({ summary: { fail, warn, unknown, pass, skip }, exitCode }: Report): string {
  return `${fail} failed, ${warn} warned, ${unknown} unknown, ${pass} passed, ${skip} skipped  (exit ${exitCode})`;
}

function listOr(values: readonly string[] | null, none: string): string {
  if (values === null) return "unknown";
  return values.length > 0 ? values.join(", ") : none;
}

function row(label: string, text: string): readonly string[] {
  const lines = wrap(printable(text), COLUMNS - 16, "  ");
  return lines.map((line, at) => `${INDENT}${(at === 0 ? label : "").padEnd(12)}  ${line}`);
}

function strong(text: string, { isColoured }: TlsTextOptions): string {
  return isColoured ? styleText("bold", text, { validateStream: false }) : text;
}

function paint(
  text: string,
  colour: "red" | "yellow" | "magenta" | "cyan",
  { isColoured }: TlsTextOptions,
): string {
  return isColoured ? styleText(colour, text, { validateStream: false }) : text;
}
