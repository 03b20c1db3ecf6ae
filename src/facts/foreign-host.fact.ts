import { type CollectContext, defineFact } from "../core/fact.ts";
import type { HttpMessage } from "../core/host.ts";
import { absent, HostError, known, type Reading } from "../core/reading.ts";
import { sha256Hex } from "../wire/digest.ts";

/** How each live target answers a name that is not its own. Absent without a target. */
export type ForeignHost = readonly ForeignHostAnswer[];

export interface ForeignHostAnswer {
  readonly url: string;
  /** Header the foreign name was sent in. */
  readonly header: "Host" | "X-Forwarded-Host";
  readonly sent: string;
  /** The connection was closed or TLS refused without an answer. */
  readonly isRefused: boolean;
  readonly status?: number;
  /** Where the foreign name came back: `Location`, `Set-Cookie`, `body`. */
  readonly echoedIn: readonly string[];
  /**
   * The answer equals what the own name gets: status and body (compared by hash), or a redirect without a host, which
   * keeps the visitor at the foreign name.
   */
  readonly isApplicationPage: boolean;
  /** Unknown when the target did not answer at all, even to its own name. */
  readonly problem?: string;
}

/** RFC 6761 section 6.4: `.invalid` is nobody's. */
export const FOREIGN_NAME = "plimsoll-foreign.invalid";
const HEADERS = ["Host", "X-Forwarded-Host"] as const;
const REQUEST_TIMEOUT_MS = 4_000;
const BODY_BYTES_MAX = 512 * 1024;
/** Fields in which a name sends the browser, or its cookies, somewhere. */
const ECHO_FIELDS = ["Location", "Set-Cookie", "Content-Location", "Link", "Refresh"];

export const foreignHost = defineFact({
  id: "foreign-host",
  title: "Answer to a foreign Host header",
  access: "connect",
  timeoutMs: 15_000,
  async collect(context): Promise<Reading<ForeignHost>> {
    const { urls } = context.target;
    if (urls.length === 0) return absent("no live target is given");
    const answers = await Promise.all(urls.map((url) => probe(context, url)));
    return known(answers.flat());
  },
});

/** A query may carry a token (catalog G6). */
function shownUrl(url: string): string {
  const shown = new URL(url);
  shown.search = "";
  shown.hash = "";
  return shown.href;
}

async function probe(context: CollectContext, url: string): Promise<readonly ForeignHostAnswer[]> {
  const own = await ask(context, url, {});
  return Promise.all(
    HEADERS.map(async (header): Promise<ForeignHostAnswer> => {
      const asked = { url: shownUrl(url), header, sent: FOREIGN_NAME };
      const nothing = { ...asked, isRefused: false, echoedIn: [], isApplicationPage: false };
      // A target that does not answer its own name tells nothing by not answering another.
      if (own instanceof HostError) return { ...nothing, problem: own.message };
      const foreign = await ask(context, url, { [header]: FOREIGN_NAME });
      if (foreign instanceof HostError) {
        return isClosed(foreign)
          ? { ...nothing, isRefused: true }
          : { ...nothing, problem: foreign.message };
      }
      return {
        ...asked,
        isRefused: false,
        status: foreign.status,
        echoedIn: echoes(foreign),
        isApplicationPage: isSamePage(own, foreign, new URL(url).host),
      };
    }),
  );
}

/** An answer, or why there is none. What is not the target's doing (not granted, interrupted) is thrown on. */
async function ask(
  { host, signal }: CollectContext,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<HttpMessage | HostError> {
  try {
    return await host.request({
      method: "GET",
      url: new URL(url),
      fields: { Accept: "text/html,*/*;q=0.5", ...fields },
      bodyBytesMax: BODY_BYTES_MAX,
      timeoutMs: REQUEST_TIMEOUT_MS,
      signal,
    });
  } catch (error) {
    const isTargets =
      error instanceof HostError &&
      (error.code === "unreachable" || error.code === "malformed" || error.code === "too-large");
    if (!isTargets) throw error;
    return error;
  }
}

/** Closed without an answer (nginx's 444), or refused by a TLS alert. */
function isClosed({ reason = "" }: HostError): boolean {
  return reason === "ECONNRESET" || reason === "EPIPE" || reason.includes("ALERT");
}

/** Where the name came back. In the text of an error page it harms nobody. */
function echoes({ status, fields, body }: HttpMessage): readonly string[] {
  const found = ECHO_FIELDS.filter((name) =>
    fields.some(
      ([each, value]) =>
        each.toLowerCase() === name.toLowerCase() && value.toLowerCase().includes(FOREIGN_NAME),
    ),
  );
  return status < 400 && body.toLowerCase().includes(FOREIGN_NAME) ? [...found, "body"] : found;
}

/** Tokens, nonces, times and the names asked for differ from one answer to the next, and are left out. */
function isSamePage(own: HttpMessage, foreign: HttpMessage, host: string): boolean {
  if (own.status !== foreign.status) return false;
  const [before, after] = [relativeLocation(own), relativeLocation(foreign)];
  if (before !== undefined || after !== undefined) return before === after;
  if (own.body === "") return false;
  const digest = ({ body }: HttpMessage) =>
    sha256Hex(
      body
        .replaceAll(host, "")
        .replaceAll(FOREIGN_NAME, "")
        .replace(/[A-Za-z0-9+/_=-]{16,}/g, "")
        .replace(/\d+/g, ""),
    );
  return digest(own) === digest(foreign);
}

/** Where a redirect leads that names no host. Without its query, which may hold a token. */
function relativeLocation({ status, fields }: HttpMessage): string | undefined {
  if (status < 300 || status > 399) return undefined;
  const location = fields.find(([name]) => name.toLowerCase() === "location")?.[1];
  const isRelative =
    location !== undefined && !/^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(location);
  return isRelative ? location.replace(/[?#].*$/s, "") : undefined;
}
