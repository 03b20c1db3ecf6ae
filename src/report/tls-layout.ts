import type { TlsGrade, TlsScan } from "../core/tls-scan.ts";
import { printable, wrap } from "./printable.ts";
import { styled } from "./styled.ts";

/** What the command line computed beside the report, one element a scanned address. */
export interface TlsView {
  readonly scan: TlsScan;
  readonly grade?: TlsGrade;
  /** The shortest way to a better grade. */
  readonly next?: { readonly grade: string; readonly by: readonly string[] };
  /** Mozilla 6.0: which profile the server conforms to, and what keeps it from the next. */
  readonly mozilla?: {
    readonly profile: string;
    readonly next?: string;
    readonly differences: readonly { readonly level: string; readonly what: string }[];
  };
  /** Client simulation, computed and not measured. */
  readonly clients?: readonly {
    readonly client: string;
    readonly state: "connects" | "fails" | "unknown";
    /** Protocol, suite and group, or why not. */
    readonly result: string;
  }[];
}

export interface TlsTextOptions {
  readonly isColoured: boolean;
  readonly isVerbose: boolean;
  /** Width of the terminal; `COLUMNS_DEFAULT` where there is none. */
  readonly columns?: number;
}

const COLUMNS_DEFAULT = 100;
/** Narrower than this nothing can be laid out, wider lines are hard to follow. */
const COLUMNS_MIN = 60;
const COLUMNS_MAX = 120;
const LABEL = 14;
const INDENT = "  ";

export type Colour = "red" | "yellow" | "green" | "magenta" | "cyan" | "dim";

/** How a page is drawn: every text from a server passes through `row` or `line`, which escape it. */
export interface TlsPage {
  readonly isVerbose: boolean;
  readonly columns: number;
  /** A labelled text, wrapped; a label is printed once. */
  row(label: string, text: string, colour?: Colour): readonly string[];
  /** One line that is not wrapped, behind the labels. */
  line(text: string, colour?: Colour): string;
  /** Wrapped text behind `indent`. */
  block(indent: string, text: string): readonly string[];
  strong(text: string): string;
  paint(text: string, colour: Colour): string;
}

/** A page of these options. */
export function createPage({ isColoured, isVerbose, columns }: TlsTextOptions): TlsPage {
  const width = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, columns ?? COLUMNS_DEFAULT));
  const style = (text: string, format: Colour | "bold") =>
    text === "" ? "" : styled(text, format, { isColoured });
  const paint = (text: string, colour: Colour | undefined) =>
    colour === undefined ? text : style(text, colour);
  return {
    isVerbose,
    columns: width,
    paint,
    strong: (text) => style(text, "bold"),
    row(label, text, colour) {
      const lines = wrap(printable(text), width - INDENT.length - LABEL, "  ");
      return lines.map((line, at) =>
        `${INDENT}${style((at === 0 ? label : "").padEnd(LABEL), "bold")}${paint(line, colour)}`.trimEnd(),
      );
    },
    line: (text, colour) => `${INDENT}${" ".repeat(LABEL)}${paint(printable(text), colour)}`,
    block: (indent, text) =>
      wrap(printable(text), width - indent.length, "  ").map((line) => `${indent}${line}`),
  };
}

/** `shop.example.test:443 (192.0.2.1)`; the address where it is not the host itself. */
export function nameOf({ host, port, address }: TlsScan): string {
  const bare = host.replace(/^\[|\]$/g, "");
  const name = bare.includes(":") ? `[${bare}]:${port}` : `${bare}:${port}`;
  return address === "" || address === bare ? name : `${name} (${address})`;
}

/** Green to A, yellow to B, red from C on and for T and M. */
export function gradeColour(grade: string): Colour {
  if (grade.startsWith("A")) return "green";
  return grade === "B" ? "yellow" : "red";
}
