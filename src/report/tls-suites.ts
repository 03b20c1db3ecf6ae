import { TLS_PROTOCOLS, type TlsProtocol, type TlsScan } from "../core/tls-scan.ts";
import { describeSuite, type TlsSuite } from "../core/tls-suite.ts";
import { printable } from "./printable.ts";
import type { TlsPage } from "./tls-layout.ts";

/** A longer list is told by kind unless all of it was asked for. */
const SUITES_SHOWN_MAX = 24;
/** Names shown of a kind that is sound. */
const NAMES_OF_KIND_MAX = 2;
/** The longest common name has 45 characters. */
const NAME_COLUMNS = 45;

/** Protocols, suites by protocol, order, groups and the DH prime. */
export function protocolSection(scan: TlsScan, page: TlsPage): readonly string[] {
  const { protocols, protocolsUnknown, groups, dhBits, dhCommonPrime } = scan;
  if (protocols === null)
    return page.row("Protocols", "unknown: none of the questions was answered");
  const refused = TLS_PROTOCOLS.filter(
    (name) => !protocols.includes(name) && !protocolsUnknown.includes(name),
  );
  const shared = dhCommonPrime === undefined ? "" : `, widely shared: ${dhCommonPrime}`;
  return [
    ...page.row("Protocols", protocols.length > 0 ? [...protocols].reverse().join(", ") : "none"),
    ...(refused.length > 0 ? page.row("Refused", refused.join(", ")) : []),
    ...(protocolsUnknown.length > 0
      ? page.row("No answer", protocolsUnknown.join(", "), "magenta")
      : []),
    ...page.row("Order", ORDER[`${scan.serverOrder}`]),
    ...page.row("Groups", groups === null ? "unknown" : groups.join(", ") || "none"),
    ...(dhBits === undefined ? [] : page.row("DH prime", `${dhBits} bits${shared}`)),
    "",
    ...blocksOf(scan, protocols).flatMap((block) => blockLines(block, scan, page)),
  ];
}

const ORDER = { true: "the server's", false: "the client's", null: "not told" } as const;

interface Block {
  readonly protocols: readonly TlsProtocol[];
  readonly suites: readonly string[] | undefined;
}

/** Newest first; protocols with the same list share a block. */
function blocksOf(scan: TlsScan, protocols: readonly TlsProtocol[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const protocol of [...protocols].reverse()) {
    const suites = scan.suites[protocol];
    const reason = scan.suitesIncomplete[protocol];
    const same = blocks.findIndex(
      (block) =>
        suites?.join() === block.suites?.join() &&
        block.protocols.every((one) => scan.suitesIncomplete[one] === reason),
    );
    const block = blocks[same];
    if (block === undefined) blocks.push({ protocols: [protocol], suites });
    else blocks[same] = { ...block, protocols: [...block.protocols, protocol] };
  }
  return blocks;
}

function blockLines({ protocols, suites }: Block, scan: TlsScan, page: TlsPage): readonly string[] {
  const [protocol] = protocols;
  const reason = protocol === undefined ? undefined : scan.suitesIncomplete[protocol];
  const count =
    suites === undefined
      ? "suites unknown"
      : `${suites.length} ${suites.length === 1 ? "suite" : "suites"}`;
  const open = reason === undefined ? "" : `, the list is not complete: ${reason}`;
  const [head = "", ...wrapped] = page.block("  ", `${protocols.join(", ")}: ${count}${open}`);
  const list = suites ?? [];
  const isLong = list.length > SUITES_SHOWN_MAX && !page.isVerbose;
  return [
    page.strong(head),
    ...wrapped,
    ...(isLong ? kindLines(list, page) : list.map((name) => suiteLine(name, page))),
  ];
}

function suiteLine(name: string, page: TlsPage): string {
  const suite = describeSuite(name);
  const bits = `${suite.bits}`.padStart(4);
  const faults = faultsOf(suite);
  const notes = faults === "" ? page.paint(traitsOf(suite), "yellow") : page.paint(faults, "red");
  return `    ${printable(name).padEnd(NAME_COLUMNS)} ${bits}  ${notes}`.trimEnd();
}

/** What makes a suite unfit for anything. */
function faultsOf(suite: TlsSuite): string {
  return [
    suite.isNull && "no encryption",
    suite.authentication === "anon" && "no authentication",
    suite.isExport && "export",
    suite.isRc4 && "RC4",
    suite.isSmallBlock && "64-bit block",
    suite.isMd5 && "MD5",
  ]
    .filter((text) => text !== false)
    .join(", ");
}

/** What it lacks beside a modern one. */
function traitsOf(suite: TlsSuite): string {
  return [!suite.isForwardSecret && "no forward secrecy", !suite.isAead && "CBC"]
    .filter((text) => text !== false)
    .join(", ");
}

/** A long list by what is to be said of its suites: worst first, the worst with every name. */
function kindLines(names: readonly string[], page: TlsPage): readonly string[] {
  const kinds = new Map<string, string[]>();
  const isFaulty = (name: string) => faultsOf(describeSuite(name)) !== "";
  const sorted = [...names.filter(isFaulty), ...names.filter((name) => !isFaulty(name))];
  for (const name of sorted) {
    const suite = describeSuite(name);
    const kind = faultsOf(suite) || traitsOf(suite) || "forward secrecy and AEAD";
    kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  }
  const lines = [...kinds].flatMap(([kind, members]) => {
    const [first = ""] = members;
    const shown = isFaulty(first) ? members : members.slice(0, NAMES_OF_KIND_MAX);
    const rest = members.length - shown.length;
    const more = rest > 0 ? ` and ${rest} more` : "";
    const [head = "", ...others] = page.block("    ", `${members.length} with ${kind}:`);
    return [
      isFaulty(first) ? page.paint(head, "red") : head,
      ...others,
      ...page.block("      ", `${shown.join(" ")}${more}`),
    ];
  });
  return [...lines, "    Each by name: --verbose"];
}
