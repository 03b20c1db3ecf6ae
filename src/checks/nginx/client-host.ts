import type { CaptureContent } from "../../parsers/nginx/pcre-groups.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import type { Composition, TextPart } from "./request-text.ts";

/** Texts that a capture may be and still be a list: `(eu|us)`, `([0-9])`. */
export const CHOICES_MAX = 256;

/**
 * Whether the client chooses the host (or port) of a URL that a text comes out as. `isHostBound`: the
 * names of the server leave `$host` no choice.
 *
 * What comes in is no choice where it is one of few, or cannot leave the fixed text around it: letters
 * in `app-$1.internal`.
 */
export function clientPartOfHost(
  composition: Composition,
  isHostBound: boolean,
): Extract<TextPart, { kind: "request" }> | undefined {
  const parts = hostParts(composition, isHostBound);
  return parts.find(
    (part): part is Extract<TextPart, { kind: "request" }> =>
      part.kind === "request" && isChoice(part, parts),
  );
}

const SLASH = 0x2f;

/** The parts between `://` and the path. */
function hostParts(composition: Composition, isHostBound: boolean): readonly TextPart[] {
  const known = composition.map((part) =>
    part.kind === "request" && part.variable === "host" && isHostBound
      ? { kind: "literal" as const, text: "host" }
      : part,
  );
  const start = known.findIndex((part) => part.kind === "literal" && part.text.includes("://"));
  const first = known[start];
  const rest: readonly TextPart[] =
    first?.kind === "literal"
      ? [
          { kind: "literal", text: first.text.slice(first.text.indexOf("://") + 3) },
          ...known.slice(start + 1),
        ]
      : known;
  const parts: TextPart[] = [];
  for (const part of rest) {
    if (part.kind === "request" && parts.length > 0 && beginsPath(part.content)) break;
    if (part.kind === "request") {
      parts.push(part);
      continue;
    }
    const end = part.text.search(/[/?#]/);
    parts.push(end === -1 ? part : { kind: "literal", text: part.text.slice(0, end) });
    if (end !== -1) break;
  }
  return parts;
}

/** `$request_uri`, `(/.*)?`: what it brings in begins with a slash, so the host is over. */
function beginsPath({ first }: CaptureContent): boolean {
  return first[SLASH] === 1 && first.every((isIn, byte) => isIn === 0 || byte === SLASH);
}

/** Characters that end a host or begin a port. */
const DELIMITERS = [..."/?#@:\\%"].map((character) => character.charCodeAt(0));
const DOT = 0x2e;

function isChoice(
  part: Extract<TextPart, { kind: "request" }>,
  parts: readonly TextPart[],
): boolean {
  const { bytes, count } = part.content;
  if (count <= CHOICES_MAX) return false;
  if (DELIMITERS.some((byte) => bytes[byte] === 1)) return true;
  const at = parts.indexOf(part);
  const before = textOf(parts.slice(0, at));
  const after = textOf(parts.slice(at + 1));
  // A port: whatever listens on the machine.
  if (/:\d*$/.test(before)) return true;
  if (/^[^:]*\.[a-z]/i.test(after)) return false;
  return bytes[DOT] === 1 || (before + after.replace(/:.*$/, "")).length === 0;
}

function textOf(parts: readonly TextPart[]): string {
  return parts.map((part) => (part.kind === "literal" ? part.text : "")).join("");
}

/** Whether the names of a server are real ones, so that `$host` is one of them where others end elsewhere. */
export function isHostBound({ names }: NginxServer): boolean {
  return names.every(
    ({ kind, value, text }) =>
      (kind === "exact" && text !== "" && text !== "_") ||
      kind === "leading" ||
      kind === "dotted" ||
      (kind === "regex" && !/^\^?\(?(?:\?<\w+>)?\.[*+]\)?\$?$/.test(value)),
  );
}
