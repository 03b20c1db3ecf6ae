import {
  fieldValues,
  type HttpAttempt,
  type HttpSite,
  REDIRECT_STATUSES,
} from "../../core/http-site.ts";
import { isActing } from "./page-links.ts";

type PathAttempt = HttpSite["extra"]["paths"][number];

/** Pages that further paths redirect to and that are looked at, all paths of a site together. */
export const PATH_REDIRECTS_MAX = 5;

/**
 * Goes on to where paths redirect on the same origin, as an application sends a visitor to its login page; each page
 * once, and none whose address may end a session or change something. The redirects stay in the list.
 */
export async function followPaths(
  paths: readonly PathAttempt[],
  origin: string,
  ask: (url: URL) => Promise<HttpAttempt>,
): Promise<readonly PathAttempt[]> {
  const all = [...paths];
  const known = new Set(all.map(({ url }) => url));
  for (let at = 0; at < all.length && all.length - paths.length < PATH_REDIRECTS_MAX; at += 1) {
    const from = all[at];
    const target = from === undefined ? undefined : targetOf(from);
    if (from === undefined || target === undefined || target.origin !== origin) continue;
    if (known.has(target.href) || isActing(target)) continue;
    known.add(target.href);
    all.push({ ...(await ask(target)), why: from.why });
  }
  return all;
}

function targetOf(attempt: PathAttempt): URL | undefined {
  if (!("answer" in attempt) || !REDIRECT_STATUSES.has(attempt.answer.status)) return undefined;
  const [location] = fieldValues(attempt.answer, "location");
  const target = location === undefined ? null : URL.parse(location, attempt.url);
  if (target === null) return undefined;
  target.hash = "";
  target.username = "";
  target.password = "";
  return target;
}
