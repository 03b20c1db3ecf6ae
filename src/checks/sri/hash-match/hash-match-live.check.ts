import { defineCheck, pass } from "../../../core/check.ts";
import type { HttpBody, HttpSite } from "../../../core/http-site.ts";
import { httpSite } from "../../../facts/http-site.fact.ts";
import type { IntegrityDigest } from "../../../parsers/http/integrity.ts";
import { faultFindings, type PageFault } from "../../live-csp/page-faults.ts";
import { judgeSites, type SiteVerdict } from "../../live-site/sites.ts";
import {
  type ExternalElement,
  externalsOf,
  fetchedOf,
  protects,
  shortUrl,
} from "../../live-sri/external.ts";
import { namesNoVersion } from "../../live-sri/versionless.ts";
import { sriHashMatchControl } from "./hash-match.control.ts";

export const sriHashMatchLive = defineCheck({
  control: sriHashMatchControl,
  layer: "live",
  reads: "Files of other origins fetched with --fetch-external, hashed and held against integrity.",
  needs: { sites: httpSite },

  evaluate({ sites }) {
    return judgeSites(
      sites,
      judgeSite,
      (judged) =>
        pass(
          "Every external file has a hash that its element lists",
          judged.flatMap(checkedOf).map(({ page, where }) => ({ url: page.shown, excerpt: where })),
        ),
      "No external script or style sheet of the fetched pages has an integrity digest",
    );
  },
});

function checkedOf(site: HttpSite): readonly ExternalElement[] {
  return externalsOf(site).elements.filter(
    ({ element, integrity }) => element !== "preload" && protects(integrity) !== undefined,
  );
}

function judgeSite(site: HttpSite): SiteVerdict | undefined {
  const { open } = externalsOf(site);
  const checked = checkedOf(site);
  if (checked.length === 0)
    return open === undefined ? undefined : { findings: [], unanswered: open };
  const compared = checked.map((each) => compare(site, each));
  const faults = [
    ...compared.flatMap((each) => (each.kind === "differs" ? [each.fault] : [])),
    ...checked.filter(({ url }) => namesNoVersion(url)).map(versionFault),
  ];
  const unseen = compared.flatMap((each) => (each.kind === "unseen" ? [each.why] : []))[0] ?? open;
  return { findings: faultFindings(faults), ...(unseen !== undefined && { unanswered: unseen }) };
}

type Compared =
  | { readonly kind: "same" }
  | { readonly kind: "differs"; readonly fault: PageFault }
  | { readonly kind: "unseen"; readonly why: string };

function compare(site: HttpSite, external: ExternalElement): Compared {
  const { url } = external;
  const name = shortUrl(url.href);
  const attempt = fetchedOf(site, url);
  if (attempt === undefined) {
    return {
      kind: "unseen",
      why: `${name} was not fetched (--fetch-external fetches the first of them)`,
    };
  }
  if ("failure" in attempt) {
    return { kind: "unseen", why: `${name} gave no answer: ${attempt.failure.detail}` };
  }
  const { status, body } = attempt.answer;
  if (status !== 200) return { kind: "unseen", why: `${name} answered ${status}` };
  if (body.cut !== undefined) return { kind: "unseen", why: `${name} was not read to its end` };
  const strongest = protects(external.integrity)?.strongest ?? [];
  if (strongest.some(({ digest, algorithm }) => digest === digestOf(body, algorithm))) {
    return { kind: "same" };
  }
  return { kind: "differs", fault: mismatch(external, body, strongest) };
}

/** In base64, as the attribute has it. */
function digestOf(body: HttpBody, algorithm: IntegrityDigest["algorithm"]): string {
  return algorithm === "sha256" ? hexToBase64(body.sha256) : body[algorithm];
}

function hexToBase64(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(""));
}

/** Characters of a digest shown, enough to tell two apart. */
const PREFIX = 12;

function mismatch(
  { page, where, url }: ExternalElement,
  body: HttpBody,
  strongest: readonly IntegrityDigest[],
): PageFault {
  const [first] = strongest;
  const algorithm = first?.algorithm ?? "sha384";
  const got = digestOf(body, algorithm).slice(0, PREFIX);
  const expected = strongest.map(({ digest }) => `${algorithm}-${digest.slice(0, PREFIX)}…`);
  return {
    rule: "hash-mismatch",
    status: "fail",
    subject: shortUrl(url.href),
    what: `${shortUrl(url.href)} has none of the hashes its element lists`,
    fix: `Find out why the file changed; if it is the one you mean: integrity="sha384-${body.sha384}"`,
    evidence: {
      url: page.shown,
      excerpt: `${where}: expected ${expected.join(" or ")}, got ${algorithm}-${got}…`,
    },
  };
}

function versionFault({ page, where, url }: ExternalElement): PageFault {
  return {
    rule: "no-version",
    status: "warn",
    subject: shortUrl(url.href),
    what: `${shortUrl(url.href)} names no version, so that its next release no longer matches`,
    fix: "Name the version in the address (NAME@1.2.3), and compute its hash",
    evidence: { url: page.shown, excerpt: where },
  };
}
