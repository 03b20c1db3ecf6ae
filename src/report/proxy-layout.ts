import type { Evidence } from "../core/check.ts";
import { printable, shorten, wrap } from "./printable.ts";
import { styled } from "./styled.ts";

export interface ProxyTextOptions {
  readonly isColoured: boolean;
  readonly isVerbose: boolean;
}

export const COLUMNS = 80;
export const INDENT = " ".repeat(6);
export const DEEPER = " ".repeat(8);

const LOUD: ReadonlySet<string> = new Set(["fail", "warn"]);

export const STYLES = {
  fail: "red",
  warn: "yellow",
  unknown: "magenta",
  note: "blue",
  pass: "green",
} as const;

export function mark(status: keyof typeof STYLES, options: ProxyTextOptions): string {
  const word = LOUD.has(status) ? status.toUpperCase() : status;
  const text = word === "unknown" ? "?" : word;
  return styled(text.padEnd(INDENT.length), STYLES[status], options);
}

export function placeOf(evidence: Pick<Evidence, "file" | "line" | "column"> | undefined): string {
  if (evidence === undefined) return "";
  const { file = "", line, column } = evidence;
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

export function block(text: string, indent: string): readonly string[] {
  return wrap(printable(text), COLUMNS - indent.length, "  ").map((line) => `${indent}${line}`);
}

/** One line; what does not fit is cut off, the place never. */
export function cut(text: string, indent: string): readonly string[] {
  const place = /^(?:with )?\S*/.exec(text)?.[0].length ?? 0;
  const width = Math.max(COLUMNS - indent.length, place);
  return [`${indent}${shorten(printable(text), width)}`.trimEnd()];
}
