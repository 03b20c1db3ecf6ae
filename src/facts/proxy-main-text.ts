import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import type { ProxyRoutes } from "./proxy-routes.fact.ts";

/** What is loaded of a configuration whose main file cannot be read. */
export const NOTHING = {
  routes: [],
  roots: [],
  tls: [],
  sites: [],
  globals: [],
  isRead: false,
  files: [],
  problems: [],
} as const;

type ProblemEntry = ProxyRoutes["problems"][number];

/** The main file's text, or the problem it is. */
export async function mainText(
  { proxy, path }: Candidate,
  files: ProxyFiles,
): Promise<{ readonly text: string } | { readonly problem: ProblemEntry }> {
  const answer = await files.read(path);
  if (answer.state === "known") return { text: answer.value };
  const isUnreadable = answer.state === "unreadable";
  const detail = isUnreadable ? `cannot be read: ${answer.detail}` : "does not exist";
  return { problem: { proxy, file: files.nameOf(path), detail, isUnreadable } };
}
