import type { TlsCertificate, TlsScan } from "../core/tls-scan.ts";
import type { Colour, TlsPage } from "./tls-layout.ts";

const DAY_MS = 86_400_000;
/** Names shown of one certificate without `--verbose`. */
const NAMES_SHOWN_MAX = 12;

/** Every certificate with its chain, a link a line and what is wrong first. */
export function certificateSection(
  { certificates }: TlsScan,
  nowMs: number,
  page: TlsPage,
): readonly string[] {
  if (certificates === null) {
    return page.row("Certificate", "unknown: the server showed none that could be read");
  }
  if (certificates.length === 0) return page.row("Certificate", "none");
  return certificates.flatMap((one) => certificateLines(one, nowMs, page));
}

const TRUST: Readonly<Record<TlsCertificate["trusted"], readonly [text: string, colour: Colour]>> =
  {
    yes: ["trusted", "green"],
    "by-your-ca": ["trusted by your CA, not publicly", "yellow"],
    no: ["not trusted", "red"],
    unknown: ["trust not told", "magenta"],
  };

function certificateLines(
  certificate: TlsCertificate,
  nowMs: number,
  page: TlsPage,
): readonly string[] {
  const { names, trusted, problems, seenWith, scts, mustStaple } = certificate;
  const [trust, colour] = TRUST[trusted];
  const shown = page.isVerbose ? names : names.slice(0, NAMES_SHOWN_MAX);
  const rest = names.length - shown.length;
  const more = rest > 0 ? ` and ${rest} more` : "";
  const extras = [`${scts} SCTs`, ...(mustStaple ? ["must staple"] : [])].join(", ");
  return [
    ...page.row("Certificate", `${keyOf(certificate)}, ${trust}`, colour),
    ...(problems.length > 0 ? page.row("", `problems: ${problems.join(", ")}`, "red") : []),
    ...page.row("", `names: ${shown.join(", ") || "none"}${more}`),
    ...page.row("", `seen with ${seenWith.join(", ") || "nothing told"}; ${extras}`),
    ...chainLines(certificate, nowMs, page),
  ];
}

function keyOf({ keyType, keyBits, curve }: TlsCertificate): string {
  return `${keyType} ${curve ?? `${keyBits} bits`}`;
}

/** Leaf first, each link below the one it signed. */
function chainLines(
  { chain, notBefore, notAfter, curve }: TlsCertificate,
  nowMs: number,
  page: TlsPage,
): readonly string[] {
  const last = chain.at(-1);
  const lines = chain.flatMap((link, at) => {
    const start = at === 0 ? `${notBefore.slice(0, 10)} to ` : "to ";
    const end = at === 0 ? notAfter : link.notAfter;
    const key =
      at === 0 && curve !== undefined && link.keyType !== "RSA" ? curve : `${link.keyBits} bits`;
    return [
      ...page.row(at === 0 ? "Chain" : "", `${at + 1} ${link.subject || "(no subject)"}`),
      ...page.row(
        "",
        `  ${link.keyType} ${key}, ${link.signature}, ${start}${daysLeft(end, nowMs)}`,
      ),
    ];
  });
  // Anywhere: a chain in the wrong order may have it before the one it signed.
  const isIssuerSent = chain.some(({ subject }) => subject === last?.issuer);
  return last === undefined || isIssuerSent
    ? lines
    : [...lines, ...page.row("", `signed by ${last.issuer || "(no issuer)"}, not sent`)];
}

function daysLeft(notAfter: string, nowMs: number): string {
  const end = Date.parse(notAfter);
  if (Number.isNaN(end)) return "(no date that can be read)";
  const days = Math.floor((end - nowMs) / DAY_MS);
  const text = end < nowMs ? `${Math.floor((nowMs - end) / DAY_MS)} days ago` : `${days} days left`;
  return `${notAfter.slice(0, 10)} (${text})`;
}
