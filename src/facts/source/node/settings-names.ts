/** What a key of a file of settings decides, told by its name and those above it. */
interface NamedSetting {
  readonly slug: string;
  /** The last key, in lower case without `_`, `-`, `.` and blanks. */
  readonly key: RegExp;
  /** The keys above it, joined by `/`; anything where it is left out. */
  readonly above?: RegExp;
  /** Values of it that mean this; any where it is left out. */
  readonly value?: RegExp;
}

const COOKIE = /cookie|session/;
const TOP = /^(?:|server|http|https|web|webserver|app|listen|express|koa|fastify)$/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[\da-f]{0,4}:[\da-f:]*\]?|localhost)$/i;

/** Names that programs of Node give their settings; the first that fits decides. Slugs follow the framework's name. */
const SETTINGS: readonly NamedSetting[] = [
  { slug: "trust_proxy", key: /^(?:security)?trust(?:ed)?prox(?:y|ies)$|^proxytrust(?:ed)?$/ },
  { slug: "session_cookie_secure", key: /^(?:cookie)?secure$|^securecookies?$/, above: COOKIE },
  { slug: "session_cookie_secure", key: /^(?:session)?cookiesecure$|^securecookies?$/ },
  { slug: "session_cookie_samesite", key: /^samesite$/, above: COOKIE },
  { slug: "session_cookie_samesite", key: /^(?:session)?cookie(?:samesite|policy)$/ },
  { slug: "session_cookie_httponly", key: /^httponly$/, above: COOKIE },
  { slug: "session_secret", key: /^(?:secret|secrets|key|keys)$/, above: COOKIE },
  { slug: "session_secret", key: /^(?:session|cookie)(?:secret|key|password)$/ },
  { slug: "jwt_secret", key: /^jwt(?:secret|key|privatekey)$/ },
  { slug: "session_max_age", key: /^(?:maxage|lifetime|ttl|expires)$/, above: COOKIE },
  { slug: "session_max_age", key: /^session(?:maxage|lifetime|life|ttl|timeout|duration)$/ },
  {
    slug: "bind",
    key: /^(?:ip|host|hostname|bind|bindip|bindaddress|bindhost|listen|listenaddress|address)$/,
    above: TOP,
    value: ADDRESS,
  },
  { slug: "tls", key: /^(?:enabled|enable)$/, above: /^(?:ssl|tls|https)$/ },
  { slug: "tls", key: /^(?:usessl|enablessl|ssl|tls|https|enablehttps)$/, above: TOP },
  { slug: "hsts", key: /^(?:enabled?|maxage(?:seconds)?)$/, above: /hsts$/ },
  { slug: "csp", key: /^(?:enabled?)$/, above: /^(?:csp|contentsecuritypolicy)$/ },
  { slug: "force_https", key: /^(?:force|enforce|redirectto|require)(?:ssl|https)$/ },
];

/** Those that go by one name whatever the framework. */
const GENERAL: readonly NamedSetting[] = [
  {
    slug: "cors.allow_origins",
    key: /^(?:cors|allowed|cors?allowed)?origins?$/,
    above: /cors|^(?:|security)$/,
  },
  { slug: "cors.allow_credentials", key: /^(?:allow)?credentials$/, above: /cors/ },
  { slug: "logging.level", key: /^log(?:ging)?level$/ },
  { slug: "logging.level", key: /^level$/, above: /(?:^|\/)(?:log|logs|logger|logging)$/ },
  { slug: "ratelimit.app", key: /^(?:max|points|limit|requests|enabled?)$/, above: /ratelimit/ },
  { slug: "ratelimit.app", key: /^(?:enable)?ratelimit(?:er|ing|s)?(?:enabled?|max)?$/ },
];

/** `express.trust_proxy` for `trustProxy`; `undefined` for what nobody asks about. */
export function settingSlug(
  framework: string,
  path: readonly string[],
  value: string | number | boolean | null,
): string | undefined {
  const words = path.map((key) => key.toLowerCase().replace(/[-_. ]/g, ""));
  const key = words.at(-1) ?? "";
  const above = words.slice(0, -1).join("/");
  const fits = (named: NamedSetting): boolean =>
    named.key.test(key) &&
    (named.above?.test(above) ?? true) &&
    (named.value?.test(String(value)) ?? true);
  const own = SETTINGS.find(fits);
  if (own !== undefined) return `${framework}.${own.slug}`;
  return GENERAL.find(fits)?.slug;
}
