import { resolve } from "node:path";

import type { HttpSite } from "../core/http-site.ts";
import { HostError } from "../core/reading.ts";
import type { Report } from "../core/report.ts";
import { jsonText, renderJson } from "../report/json.report.ts";
import { AUDIT_OPTIONS, clockMs, listTimeoutMs, OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command, Options } from "./command.ts";
import { HTTP_OPTIONS, httpAsking } from "./http-options.ts";
import { type CliIo, UsageError } from "./io.ts";
import { mapAtOnce } from "./map-at-once.ts";
import { isColoured } from "./output.ts";
import { readTargetFile } from "./target-file.ts";
import {
  keepOldSpaceSmall,
  keepYoungSpaceSmall,
  streamLines,
  TARGETS_AT_ONCE,
} from "./target-stream.ts";
import { timeLimit } from "./time-limit.ts";

const { now, strict, timeout, cacert } = AUDIT_OPTIONS;

export const httpCommand: Command = {
  name: "http",
  summary:
    "Audits sites from the outside: redirects, headers, cookies, policies, MDN Observatory grade.",
  positionals: "URL...",
  positionalsMax: 1_000,
  options: {
    "connect-to": AUDIT_OPTIONS["connect-to"],
    cacert,
    ...HTTP_OPTIONS,
    targets: {
      type: "string",
      value: "FILE",
      help: "one URL a line; prints one JSON line per target",
    },
    json: { type: "boolean", help: "the report as JSON" },
    color: OUTPUT_OPTIONS.color,
    verbose: { type: "boolean", short: "v", help: "also every test, field and further answer" },
    now,
    strict,
    timeout,
  },
  examples: [
    "plimsoll http https://monitor.example.org",
    'plimsoll http https://intra.example.org/app --header "Cookie: session=..." --path /login',
    "plimsoll http --targets sites.txt > audits.jsonl",
  ],
  async run({ options, positionals, io }) {
    const urls = positionals.map(parseSiteUrl);
    const file = options.text("targets");
    if (file !== undefined && urls.length > 0) {
      throw new UsageError("give sites by address or by --targets, not both");
    }
    const listed =
      file === undefined
        ? undefined
        : readTargetFile(file === "-" ? file : resolve(io.directory, file), parseSiteUrl);
    if (listed === undefined && urls.length === 0) {
      throw new UsageError('which site? write "plimsoll http URL"');
    }
    const run = await prepare(options, io);
    try {
      if (listed !== undefined) return await streamTargets(listed, run);
      const sites = await mapAtOnce(urls, TARGETS_AT_ONCE, run.survey);
      const report = await run.judge(sites.flat());
      io.stdout(
        options.isOn("json") ? renderJson(report) : await textOf(report, sites.flat(), options, io),
      );
      return report.exitCode;
    } finally {
      run.close();
    }
  },
};

/** A URL, or a host with or without port, which means https. Throws `UsageError`. */
export function parseSiteUrl(text: string): string {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    const shown = trimmed.replace(/\/\/[^/]*@/, "//***@").replace(/\?.*$/s, "?***");
    throw new UsageError(`"${shown}" is not a site; write https://HOST/PATH or HOST`);
  }
  // Never sent, so that it need not be kept out of every message.
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}

interface HttpRun {
  readonly io: CliIo;
  readonly signal: AbortSignal;
  survey(url: string): Promise<readonly HttpSite[]>;
  judge(sites: readonly HttpSite[]): Promise<Report>;
  close(): void;
}

async function prepare(options: Options, io: CliIo): Promise<HttpRun> {
  keepYoungSpaceSmall();
  isColoured(options, io); // A wrong --color is said before the audit, not after it.
  const asking = httpAsking(options, io);
  const [{ surveySite }, { createSiteHost, judgeSites }, { randomUUID }] = await Promise.all([
    import("../facts/http/survey.ts"),
    import("./http-session.ts"),
    import("node:crypto"),
  ]);
  const host = createSiteHost(options, io);
  const nowMs = clockMs(options) ?? io.now();
  const limit = timeLimit(listTimeoutMs(options), io.signal);
  const { signal } = limit;
  const seed = randomUUID();
  return {
    io,
    signal,
    close: limit.close,
    survey: async (url) => {
      if (signal.aborted) return [];
      try {
        return [await surveySite(host, { url, ...asking }, { signal, nowMs, seed })];
      } catch (error) {
        // What was cut short says nothing: the report of the finished ones ends with exit 3.
        if (signal.aborted && error instanceof HostError) return [];
        throw error;
      }
    },
    judge: (sites) => judgeSites(sites, { options, io, nowMs, signal, host }),
  };
}

/** One JSON line a site, as soon as it is done; the worst exit code of all. */
function streamTargets(urls: readonly string[], run: HttpRun): Promise<number> {
  keepOldSpaceSmall();
  const look = async (url: string) => {
    const sites = await run.survey(url);
    // Nothing seen, or cut short: there is no line to write.
    if (sites.length === 0 || run.signal.aborted) return undefined;
    const report = await run.judge(sites);
    return { line: jsonText(report), exitCode: report.exitCode };
  };
  return streamLines(urls, look, run.io.stdoutPatiently);
}

async function textOf(
  report: Report,
  sites: readonly HttpSite[],
  options: Options,
  io: CliIo,
): Promise<string> {
  const [{ renderHttpText }, { viewsOf }] = await Promise.all([
    import("../report/http.report.ts"),
    import("./http-session.ts"),
  ]);
  return renderHttpText(report, viewsOf(sites), {
    isColoured: isColoured(options, io),
    isVerbose: options.isOn("verbose"),
  });
}
