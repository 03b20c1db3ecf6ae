import type { Report } from "../core/report.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { printable } from "./printable.ts";
import { tallyOf } from "./tally.ts";
import { certificateSection } from "./tls-certificates.ts";
import { featureSection, weaknessSection } from "./tls-features.ts";
import { clientSection, gradeSection, mozillaSection } from "./tls-grades.ts";
import {
  createPage,
  gradeColour,
  nameOf,
  type TlsPage,
  type TlsTextOptions,
  type TlsView,
} from "./tls-layout.ts";
import { problemLines, verdictOf } from "./tls-problems.ts";
import { protocolSection } from "./tls-suites.ts";

/**
 * The verdict and what to do first; then each address with protocols and suites, certificates, features,
 * weaknesses, grade, Mozilla's profiles and clients; the verdict again last, where a terminal stops, with
 * a table where there are several addresses.
 */
export function renderTlsText(
  report: Report,
  views: readonly TlsView[],
  options: TlsTextOptions,
): string {
  const page = createPage(options);
  const nowMs = Date.parse(report.startedAt);
  const [only] = views;
  const isAlone = views.length === 1 && only !== undefined;
  return [
    ...(isAlone ? [headline(report, only, page)] : [verdictLine(report, page)]),
    "",
    ...differenceLines(views, page),
    ...problemLines(report, { page, ...(isAlone && { name: nameOf(only.scan) }) }),
    ...views.flatMap((view) => [...addressLines(view, nowMs, page), ""]),
    ...(isAlone ? [] : [...tableLines(views, page), ""]),
    ...(isAlone ? [headline(report, only, page)] : [verdictLine(report, page)]),
    tallyOf(report),
    "",
  ].join("\n");
}

function verdictLine(report: Report, page: TlsPage): string {
  const [sentence, colour] = verdictOf(report);
  return page.strong(page.paint(sentence, colour));
}

function headline(report: Report, view: TlsView, page: TlsPage): string {
  return `${verdictLine(report, page)}  ${addressTitle(view, page)}`;
}

/** `shop.example.test:443 (192.0.2.1)  grade A`. */
function addressTitle({ scan, grade }: TlsView, page: TlsPage): string {
  const provisional = (grade?.provisional.length ?? 0) > 0 ? " (provisional)" : "";
  const mark =
    grade === undefined
      ? stateOf(scan)
      : page.paint(`grade ${grade.grade}${provisional}`, gradeColour(grade.grade));
  return `${page.strong(printable(nameOf(scan)))}  ${mark}`;
}

function stateOf({ state }: TlsScan): string {
  return { tls: "no grade", "not-tls": "not TLS", unreachable: "unreachable", unknown: "unknown" }[
    state
  ];
}

/** Where addresses of one name are not alike: half of the visitors meet the other one. */
function differenceLines(views: readonly TlsView[], page: TlsPage): readonly string[] {
  const lines = views.flatMap(({ scan }) =>
    scan.notes
      .filter((note) => note.startsWith("differs from "))
      .map((note) => `${nameOf(scan)} ${note}`),
  );
  if (lines.length === 0) return [];
  const [first = "", ...others] = lines.flatMap((line) => page.block("          ", line));
  return [`${page.paint("DIFFER", "yellow")}    ${first.trimStart()}`, ...others, ""];
}

function addressLines(view: TlsView, nowMs: number, page: TlsPage): readonly string[] {
  const { scan } = view;
  const cost = `${scan.connections} connections, ${(scan.durationMs / 1_000).toFixed(2)} s`;
  const notes = scan.notes.flatMap((note) => page.row("Note", note));
  if (scan.state !== "tls") {
    const why = page.row("", scan.why ?? "no reason given");
    return [addressTitle(view, page), ...why, ...notes, ...page.row("Cost", cost)];
  }
  return [
    addressTitle(view, page),
    ...(scan.why === undefined ? [] : page.row("", scan.why)),
    "",
    ...protocolSection(scan, page),
    "",
    ...certificateSection(scan, nowMs, page),
    "",
    ...featureSection(scan, page),
    "",
    ...weaknessSection(scan, page),
    ...gradeSection(view, page),
    ...mozillaSection(view, page),
    ...clientSection(view, page),
    ...notes,
    ...page.row("Cost", cost),
  ];
}

/** One line an address: grade, name, protocols, when the first certificate ends. */
function tableLines(views: readonly TlsView[], page: TlsPage): readonly string[] {
  const rows = views.map(({ scan, grade }) => {
    const ends = (scan.certificates ?? []).map(({ notAfter }) => notAfter).toSorted();
    return {
      grade: grade?.grade ?? "-",
      name: printable(nameOf(scan)),
      says:
        scan.state === "tls"
          ? [
              scan.protocols === null ? "protocols unknown" : scan.protocols.toReversed().join(" "),
              ...(ends[0] ? [`until ${ends[0].slice(0, 10)}`] : []),
            ].join(", ")
          : `${stateOf(scan)}: ${scan.why ?? "no reason given"}`,
    };
  });
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ grade, name, says }) => {
    const mark = page.paint(grade.padEnd(3), grade === "-" ? "dim" : gradeColour(grade));
    return `${mark} ${name.padEnd(width)}  ${printable(says)}`;
  });
}
