/** Where a package's name begins in the path, by host that serves packages of npm with or without a version. */
const PACKAGE_HOSTS: Readonly<Record<string, RegExp>> = {
  "unpkg.com": /^\/((?:@[^/]+\/)?[^/]+)/,
  "cdn.jsdelivr.net": /^\/npm\/((?:@[^/]+\/)?[^/]+)/,
  "esm.sh": /^\/((?:@[^/]+\/)?[^/]+)/,
};

/** Whether an address says `latest`, or names a package of a known host without a version: what it serves changes. */
export function namesNoVersion({ hostname, pathname }: URL): boolean {
  if (/@latest(?:\/|$)|\/latest\//i.test(pathname)) return true;
  const pattern = Object.hasOwn(PACKAGE_HOSTS, hostname) ? PACKAGE_HOSTS[hostname] : undefined;
  const name = pattern?.exec(pathname)?.[1];
  return name !== undefined && !name.slice(1).includes("@");
}
