import { fieldValues, type HttpExchange } from "../../../core/http-site.ts";
import { allowsCorsRead, type CorsHeaders, parseCors } from "../../../parsers/http/cors.ts";

export interface CorsFault {
  readonly rule: string;
  readonly status: "warn" | "fail";
  readonly what: string;
}

const NAMES = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-methods",
  "access-control-allow-headers",
] as const;

/** What one answer lets `origin` do that it should not; without an origin, what it lets everybody do. */
export function faultOf(answer: HttpExchange, origin: string | undefined): CorsFault | undefined {
  const cors = parseCors(fieldsOf(answer), origin);
  const readable = origin ?? "null";
  if (allowsCorsRead(cors, readable, true)) return withCredentials(readable);
  const wildcard = wildcardFault(cors);
  if (wildcard !== undefined) return wildcard;
  if (cors.allowOrigin?.kind === "any") return isSensitive(answer) ? anyFault(cors) : undefined;
  if (!allowsCorsRead(cors, readable, false)) return undefined;
  return readable === "null"
    ? { rule: "null-allowed", status: "warn", what: "lets the origin null read, which anybody has" }
    : { rule: "origin-reflected", status: "warn", what: "lets an origin read that it cannot know" };
}

function withCredentials(origin: string): CorsFault {
  return origin === "null"
    ? {
        rule: "null-with-credentials",
        status: "fail",
        what: "lets the origin null, which anybody has, read with the user's credentials",
      }
    : {
        rule: "origin-with-credentials",
        status: "fail",
        what: "lets an origin that it cannot know read with the user's credentials",
      };
}

function wildcardFault({
  allowCredentials,
  allowOrigin,
  allowMethods,
  allowHeaders,
}: CorsHeaders): CorsFault | undefined {
  const isWild = allowMethods.includes("*") || allowHeaders.includes("*");
  if (!isWild || !allowCredentials || allowOrigin === undefined) return undefined;
  const what = "allows * as method or header together with credentials";
  return { rule: "wildcard-with-credentials", status: "warn", what };
}

function anyFault({ allowCredentials }: CorsHeaders): CorsFault {
  return allowCredentials
    ? {
        rule: "any-with-credentials",
        status: "warn",
        what: "allows * together with credentials, which browsers refuse and middleware may mend by reflecting",
      }
    : { rule: "any-origin", status: "warn", what: "lets every origin read a page or data (*)" };
}

/** Pages and data may hold what is one user's; scripts, styles, fonts and images are the same for all. */
function isSensitive(answer: HttpExchange): boolean {
  const type = fieldValues(answer, "content-type").join(",").toLowerCase();
  if (answer.method === "OPTIONS") return false;
  const { page, json } = answer.body;
  return page !== undefined || json !== undefined || /html|json|xml(?!\+svg)/.test(type);
}

function fieldsOf(answer: HttpExchange): Readonly<Record<string, readonly string[]>> {
  const names = [...NAMES, "vary"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = fieldValues(answer, name);
      return values.length === 0 ? [] : [[name, values] as const];
    }),
  );
}

/** Characters of one field's values that are shown. */
const SHOWN_CHARACTERS_MAX = 120;

/** `Access-Control-Allow-Origin: *`, or that there is none. */
export function showCors(answer: HttpExchange): string {
  const shown = answer.fields
    .filter(([name]) => NAMES.some((known) => known === name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value.slice(0, SHOWN_CHARACTERS_MAX)}`);
  return shown.length === 0 ? "no Access-Control-Allow-Origin" : shown.join(", ");
}
