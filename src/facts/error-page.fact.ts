import { type CollectContext, defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { sha256Hex } from "../wire/digest.ts";
import { attempt } from "./attempt.ts";
import { debugSignOf } from "./debug-page.ts";

/** What a page that does not exist shows at each live target. Absent without a target. */
export type ErrorPages = readonly ErrorPage[];

export interface ErrorPage {
  readonly url: string;
  readonly status: number;
  /** Name of the debug page recognised: `Django URLconf listing`, `Werkzeug debugger`, `Express stack trace`. */
  readonly debugSign?: string;
}

const REQUEST_TIMEOUT_MS = 6_000;
/** Django's page with a long URLconf stays below this. */
const BODY_BYTES_MAX = 512 * 1024;

export const errorPage = defineFact({
  id: "error-page",
  title: "Error page of the live application",
  access: "connect",
  timeoutMs: 15_000,
  async collect(context): Promise<Reading<ErrorPages>> {
    const { urls } = context.target;
    if (urls.length === 0) return absent("no live target is given");
    const pages = await Promise.all(urls.map((url) => attempt(() => missingPage(context, url))));
    const seen = pages.flatMap((page) => (page.state === "known" ? [page.value] : []));
    const failed = pages.find((page) => page.state !== "known");
    // One debug page is proof whatever the others do; that there is none takes them all.
    if (failed === undefined || seen.some(({ debugSign }) => debugSign !== undefined)) {
      return known(seen);
    }
    return failed;
  },
});

async function missingPage(context: CollectContext, target: string): Promise<ErrorPage> {
  const { host, signal, nowMs, fingerprintKey } = context;
  // Looks random and is new with each run, yet a fact has no randomness of its own.
  const name = sha256Hex(`${fingerprintKey}\n${nowMs}\n${target}`).slice(0, 16);
  const base = new URL(target);
  const path = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  const url = new URL(`${path}plimsoll-${name}`, base.origin);
  const { status, body } = await host.request({
    method: "GET",
    url,
    // Frameworks show the page in HTML only to those that ask for it.
    fields: { Accept: "text/html,*/*;q=0.5" },
    bodyBytesMax: BODY_BYTES_MAX,
    timeoutMs: REQUEST_TIMEOUT_MS,
    signal,
  });
  const debugSign = debugSignOf(status, body);
  return { url: url.href, status, ...(debugSign !== undefined && { debugSign }) };
}
