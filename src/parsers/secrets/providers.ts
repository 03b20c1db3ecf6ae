/** One kind of credential whose text alone tells what it is. */
export interface Provider {
  /** Kebab-case, as findings name it. */
  readonly id: string;
  /** For people: `GitHub personal access token`. */
  readonly title: string;
  /** Text that every one of them holds; the pattern is only tried where it stands. */
  readonly keyword: string;
  /** Sticky, tried from the keyword's first character; linear, every repetition bounded. */
  readonly pattern: RegExp;
  /** Where the form is described. */
  readonly source: string;
}

const GITHUB =
  "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/";
const GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes";
const SLACK = "https://docs.slack.dev/authentication/tokens/";
const STRIPE = "https://docs.stripe.com/keys#obtain-api-keys";
const TWILIO = "https://www.twilio.com/docs/iam/api-keys";
const DIGITALOCEAN = "https://docs.digitalocean.com/reference/api/create-personal-access-token/";
const SHOPIFY = "https://shopify.dev/docs/apps/build/authentication-authorization";
const SQUARE = "https://developer.squareup.com/docs/build-basics/access-tokens";
const GRAFANA = "https://grafana.com/docs/grafana/latest/administration/service-accounts/";
const HASHICORP = "https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes";
const AWS =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids";
const FACEBOOK = "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/";

/** A rule for a fixed prefix followed by an alphabet and a length. Not followed by more of the same alphabet. */
function prefixed(
  id: string,
  title: string,
  keyword: string,
  rest: string,
  source: string,
): Provider {
  const pattern = new RegExp(`${escaped(keyword)}${rest}`, "y");
  return { id, title, keyword, pattern, source };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

const END = "(?![A-Za-z0-9])";

/** Forms of credentials as their issuers document them. */
export const PROVIDERS: readonly Provider[] = [
  // Only long-term (AKIA) and temporary (ASIA) access keys are credentials; the other prefixes name resources.
  prefixed("aws-access-key-id", "AWS access key id", "AKIA", `[A-Z2-7]{16}${END}`, AWS),
  prefixed("aws-access-key-id", "AWS temporary access key id", "ASIA", `[A-Z2-7]{16}${END}`, AWS),
  prefixed(
    "google-api-key",
    "Google API key",
    "AIza",
    "[\\w-]{35}(?![\\w-])",
    "https://cloud.google.com/docs/authentication/api-keys",
  ),
  prefixed(
    "google-oauth-client-secret",
    "Google OAuth client secret",
    "GOCSPX-",
    "[\\w-]{28}(?![\\w-])",
    "https://developers.google.com/identity/protocols/oauth2/web-server",
  ),
  prefixed("github-token", "GitHub personal access token", "ghp_", `[A-Za-z0-9]{36}${END}`, GITHUB),
  prefixed("github-token", "GitHub OAuth token", "gho_", `[A-Za-z0-9]{36}${END}`, GITHUB),
  prefixed("github-token", "GitHub user-to-server token", "ghu_", `[A-Za-z0-9]{36}${END}`, GITHUB),
  prefixed("github-token", "GitHub server token", "ghs_", `[A-Za-z0-9]{36}${END}`, GITHUB),
  prefixed("github-token", "GitHub refresh token", "ghr_", `[A-Za-z0-9]{36,76}${END}`, GITHUB),
  prefixed(
    "github-fine-grained-token",
    "GitHub fine-grained token",
    "github_pat_",
    "[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\\w)",
    GITHUB,
  ),
  prefixed("gitlab-token", "GitLab personal access token", "glpat-", "[\\w-]{20,300}", GITLAB),
  prefixed("gitlab-token", "GitLab deploy token", "gldt-", "[\\w-]{20,64}", GITLAB),
  prefixed("gitlab-token", "GitLab runner token", "glrt-", "[\\w-]{20,64}", GITLAB),
  prefixed("gitlab-token", "GitLab trigger token", "glptt-", "[0-9a-f]{40}", GITLAB),
  prefixed("gitlab-token", "GitLab CI job token", "glcbt-", "[\\w-]{20,64}", GITLAB),
  prefixed(
    "slack-token",
    "Slack bot token",
    "xoxb-",
    "[0-9]{10,13}-[0-9]{10,13}[A-Za-z0-9-]{0,60}",
    SLACK,
  ),
  prefixed(
    "slack-token",
    "Slack user token",
    "xoxp-",
    "(?:[0-9]{10,13}-){3}[A-Za-z0-9-]{28,40}",
    SLACK,
  ),
  prefixed("slack-token", "Slack refresh token", "xoxe-", "[0-9]-[A-Za-z0-9]{100,200}", SLACK),
  prefixed(
    "slack-token",
    "Slack workspace token",
    "xoxa-",
    "(?:[0-9]-)?[A-Za-z0-9-]{24,80}",
    SLACK,
  ),
  prefixed(
    "slack-app-token",
    "Slack app token",
    "xapp-",
    "[0-9]-[A-Z0-9]{8,14}-[0-9]{10,15}-[a-f0-9]{40,80}",
    SLACK,
  ),
  prefixed(
    "slack-webhook",
    "Slack webhook address",
    "hooks.slack.com/services/",
    "T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,28}",
    "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/",
  ),
  prefixed("stripe-key", "Stripe live key", "sk_live_", `[A-Za-z0-9]{16,250}${END}`, STRIPE),
  prefixed(
    "stripe-key",
    "Stripe live restricted key",
    "rk_live_",
    `[A-Za-z0-9]{16,250}${END}`,
    STRIPE,
  ),
  prefixed("stripe-test-key", "Stripe test key", "sk_test_", `[A-Za-z0-9]{24,250}${END}`, STRIPE),
  prefixed(
    "stripe-webhook-secret",
    "Stripe webhook secret",
    "whsec_",
    "[A-Za-z0-9+/=]{32,64}",
    STRIPE,
  ),
  prefixed("twilio-api-key", "Twilio API key", "SK", `[0-9a-f]{32}${END}`, TWILIO),
  prefixed(
    "sendgrid-key",
    "SendGrid API key",
    "SG.",
    "[\\w-]{22}\\.[\\w-]{43}(?![\\w-])",
    "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
  ),
  prefixed(
    "mailgun-key",
    "Mailgun API key",
    "key-",
    `[0-9a-f]{32}${END}`,
    "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
  ),
  prefixed(
    "brevo-key",
    "Brevo API key",
    "xkeysib-",
    `[0-9a-f]{64}-[A-Za-z0-9]{16}${END}`,
    "https://developers.brevo.com/docs/getting-started",
  ),
  prefixed(
    "openai-key",
    "OpenAI API key",
    "sk-",
    "(?:(?:proj|svcacct|admin)-[\\w-]{40,250}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})(?![\\w-])",
    "https://platform.openai.com/docs/api-reference/authentication",
  ),
  prefixed(
    "anthropic-key",
    "Anthropic API key",
    "sk-ant-",
    "(?:api|admin)[0-9]{2}-[\\w-]{80,120}",
    "https://docs.claude.com/en/api/overview#authentication",
  ),
  prefixed(
    "groq-key",
    "Groq API key",
    "gsk_",
    `[A-Za-z0-9]{52}${END}`,
    "https://console.groq.com/docs/quickstart",
  ),
  prefixed(
    "openrouter-key",
    "OpenRouter API key",
    "sk-or-v1-",
    `[0-9a-f]{64}${END}`,
    "https://openrouter.ai/docs/api-reference/authentication",
  ),
  prefixed(
    "hugging-face-token",
    "Hugging Face token",
    "hf_",
    `[A-Za-z]{34}${END}`,
    "https://huggingface.co/docs/hub/security-tokens",
  ),
  prefixed(
    "npm-token",
    "npm access token",
    "npm_",
    `[A-Za-z0-9]{36}${END}`,
    "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/",
  ),
  prefixed(
    "pypi-token",
    "PyPI API token",
    "pypi-AgEIcHlwaS5vcmc",
    "[\\w-]{50,300}",
    "https://pypi.org/help/#apitoken",
  ),
  prefixed(
    "docker-token",
    "Docker access token",
    "dckr_pat_",
    "[\\w-]{27}(?![\\w-])",
    "https://docs.docker.com/security/access-tokens/",
  ),
  prefixed(
    "digitalocean-token",
    "DigitalOcean token",
    "dop_v1_",
    `[0-9a-f]{64}${END}`,
    DIGITALOCEAN,
  ),
  prefixed(
    "digitalocean-token",
    "DigitalOcean OAuth token",
    "doo_v1_",
    `[0-9a-f]{64}${END}`,
    DIGITALOCEAN,
  ),
  prefixed(
    "sentry-token",
    "Sentry organisation auth token",
    "sntrys_",
    "eyJ[A-Za-z0-9+/=_-]{40,500}",
    "https://docs.sentry.io/account/auth-tokens/",
  ),
  prefixed(
    "sentry-token",
    "Sentry user auth token",
    "sntryu_",
    `[0-9a-f]{64}${END}`,
    "https://docs.sentry.io/account/auth-tokens/",
  ),
  prefixed("shopify-token", "Shopify access token", "shpat_", `[0-9a-fA-F]{32}${END}`, SHOPIFY),
  prefixed("shopify-token", "Shopify shared secret", "shpss_", `[0-9a-fA-F]{32}${END}`, SHOPIFY),
  prefixed("square-token", "Square access token", "EAAA", "[\\w-]{60}(?![\\w-])", SQUARE),
  prefixed("square-token", "Square OAuth secret", "sq0csp-", "[\\w-]{43}(?![\\w-])", SQUARE),
  prefixed(
    "facebook-token",
    "Facebook access token",
    "EAACEdEose0cBA",
    "[A-Za-z0-9]{20,300}",
    FACEBOOK,
  ),
  prefixed(
    "linear-key",
    "Linear API key",
    "lin_api_",
    `[A-Za-z0-9]{40}${END}`,
    "https://linear.app/developers/graphql",
  ),
  prefixed(
    "notion-token",
    "Notion integration token",
    "ntn_",
    `[A-Za-z0-9]{40,50}${END}`,
    "https://developers.notion.com/page/changelog",
  ),
  prefixed(
    "grafana-token",
    "Grafana service account token",
    "glsa_",
    "[A-Za-z0-9]{32}_[0-9a-f]{8}",
    GRAFANA,
  ),
  prefixed("grafana-token", "Grafana Cloud token", "glc_", "eyJ[A-Za-z0-9+/=]{40,400}", GRAFANA),
  prefixed("vault-token", "HashiCorp Vault token", "hvs.", "[\\w-]{24,200}", HASHICORP),
  prefixed(
    "atlassian-token",
    "Atlassian API token",
    "ATATT3",
    "[\\w=-]{180,220}",
    "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
  ),
  prefixed(
    "telegram-webhook",
    "Telegram bot token",
    "api.telegram.org/bot",
    "([0-9]{8,10}:[\\w-]{35})(?![\\w-])",
    "https://core.telegram.org/bots/api#authorizing-your-bot",
  ),
  prefixed(
    "discord-webhook",
    "Discord webhook address",
    "/api/webhooks/",
    "[0-9]{17,20}/[\\w-]{60,72}",
    "https://discord.com/developers/docs/resources/webhook#execute-webhook",
  ),
  prefixed(
    "age-secret-key",
    "age secret key",
    "AGE-SECRET-KEY-1",
    `[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}${END}`,
    "https://github.com/C2SP/C2SP/blob/main/age.md",
  ),
  prefixed(
    "azure-storage-key",
    "Azure storage account key",
    "AccountKey=",
    "([A-Za-z0-9+/]{86}==)",
    "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
  ),
  {
    id: "private-key",
    title: "private key",
    keyword: "-----BEGIN ",
    // RFC 7468: the body follows on the next line; in JSON and env files as the two characters \n.
    pattern:
      /-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\r)?(?:\\n|[\s"'+,\\]){0,40}(?:[A-Za-z-]{2,20}: [^\n]{0,80}\n\s{0,20}){0,3}([A-Za-z0-9+/=]{40,100}(?:(?:\\n|[\s"'+,\\]){1,12}[A-Za-z0-9+/=]{16,100}){0,4})/y,
    source: "https://www.rfc-editor.org/rfc/rfc7468#section-10",
  },
  {
    id: "json-web-token",
    title: "JSON Web Token",
    keyword: "eyJ",
    pattern: /eyJ[\w-]{10,300}\.eyJ[\w-]{10,2000}\.[\w-]{20,700}/y,
    source: "https://www.rfc-editor.org/rfc/rfc7519#section-3",
  },
];

/** Every keyword, for one pass over a text; those that other words hold as well with what must follow. */
export const PROVIDER_KEYWORD = new RegExp(
  [...new Set(PROVIDERS.map(({ keyword }) => keyword))].map(keywordPattern).join("|"),
  "g",
);

function keywordPattern(keyword: string): string {
  const follows: Readonly<Record<string, string>> = {
    SK: "(?=[0-9a-f]{8})",
    EAAA: "(?=[\\w-]{20})",
    "key-": "(?=[0-9a-f]{8})",
    "sk-": "(?=[\\w-]{20})",
    hf_: "(?=[A-Za-z]{20})",
    "-----BEGIN ": "(?=[A-Z ]{0,30}PRIVATE KEY)",
  };
  return `${escaped(keyword)}${follows[keyword] ?? ""}`;
}
