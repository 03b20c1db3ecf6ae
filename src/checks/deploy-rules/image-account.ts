/** `root`, `0` and `0:0`. */
export function isRootAccount(user: string): boolean {
  const [account = ""] = user.trim().split(":");
  return account === "root" || /^0+$/.test(account);
}

/**
 * Whether an image is known to start as root where nobody says otherwise: the official images of
 * languages and distributions. `undefined` for one that may bring a USER of its own.
 */
export function startsAsRoot(image: string): boolean | undefined {
  const name = image.replace(/@.*$/, "").replace(/^(?:docker\.io\/)?library\/|^docker\.io\//, "");
  if (/nonroot|rootless|unprivileged/.test(name)) return false;
  if (/^cgr\.dev\/chainguard\//.test(name)) return undefined;
  return /^[a-z0-9_.-]+(?::[\w.-]+)?$/.test(name) ? true : undefined;
}

/** Official images whose own program starts as root and serves as somebody else. */
const SERVERS =
  /^(?:nginx|httpd|haproxy|postgres|mysql|mariadb|mongo|redis|valkey|rabbitmq|memcached)(?::|$)|^(?:php|wordpress|nextcloud|drupal|joomla):[\w.-]*(?:apache|fpm)/;

/** Whether the program of the base image gives root up by itself. */
export function servesAsOther(image: string): boolean {
  return SERVERS.test(image.replace(/^(?:docker\.io\/)?library\/|^docker\.io\//, ""));
}
