/** What part a file plays: only what is `live` can give a finding. */
export type PathClass =
  | "live"
  | "fixture"
  | "dev"
  | "sample"
  | "docs"
  | "locale"
  | "vendored"
  | "lock"
  | "asset";

/** How a file assigns: in `code` a value stands in quotes, in `config` it may stand bare. */
export type FileFormat = "code" | "config" | "dotenv" | "dockerfile" | "json" | "markup" | "prose";

const ASSET =
  /\.(?:png|jpe?g|gif|webp|avif|ico|svg|bmp|tiff?|psd|pdf|zip|gz|tgz|xz|bz2|7z|jar|war|woff2?|ttf|otf|eot|mp[34]|m4[av]|wav|ogg|webm|mov|wasm|so|dll|exe|bin|dat|pyc|map|mo|parquet|sqlite3?|db|csv|tsv|ipynb|snap|patch|diff|po|pot|xlf|arb)$|\.min\.(?:js|css|mjs)$|[.-]bundle\.js$/i;
const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|flake\.lock|bun\.lockb?|mix\.lock|packages\.lock\.json|\.secrets\.baseline|[^/]{1,80}\.lock)$/i;
const VENDORED =
  /(?:^|\/)(?:node_modules|vendor|vendors|vendored|third[-_]?party|bower_components|site-packages|\.venv|venv|dist|build|out|\.next|\.yarn|public\/(?:assets|build)|wwwroot\/lib|static\/(?:vendor|lib|libs|js\/lib)|coverage|htmlcov)\//i;
const FIXTURE_DIRECTORY =
  /(?:^|\/)(?:tests?|_tests?|__tests__|__mocks__|mocks?|specs?|e2e|cypress|playwright|fixtures?|testdata|test[-_][\w-]{1,40}|unit[-_]?tests?|integration[-_]?tests?|testing|stubs?|benchmarks?|\.github|\.gitlab|\.circleci|\.ci|ci|stories|__snapshots__|cassettes|[\w-]{1,40}[-_]tests?|seeds?|seeders?|factories|scripts\/tests?)\//i;
const FIXTURE_FILE =
  /^(?:test[-_.].{0,100}|tests?|conftest|.{0,100}[-_.](?:tests?|specs?|stories|e2e|fixtures?|mocks?|cy)|.{1,60}(?:Tests?|Spec|IT)|ci|testing|.{0,60}[-_.]ci|\.travis|\.gitlab-ci|azure-pipelines|bitbucket-pipelines|Jenkinsfile|tox|noxfile|factories|factory)\.[\w]{1,10}$|^(?:\.env|[\w-]{1,40}\.env)\.(?:test|testing|ci|e2e)(?:\.[\w-]{1,20})?$|^(?:test|testing|ci)\.env$/;
const DEVELOPMENT =
  /(?:^|[/_.-])(?:dev|devel|development|local|localhost|debug|sandbox|devcontainer|vagrant|develop)(?:[_.-][^/]{0,60})?$|(?:^|\/)(?:\.devcontainer|\.vscode|\.idea|dev|development|develop|local|devenv|dev[-_](?:env|docker|scripts?|tools?))\//i;
const SAMPLE =
  /(?:^|\/)(?:examples?|samples?|demos?|templates?|skeletons?|boilerplates?|snippets|playground|starter|scaffold|cookiecutter[^/]{0,60}|\{\{[^/]{1,60}|\.examples)\/|(?:^|[._-])(?:examples?|samples?|templates?|dist|tpl|tmpl|defaults?|skel|j2|jinja2?|demo|erb)(?:\.\w{1,8})?$/i;
const DOCS =
  /(?:^|\/)(?:docs?|documentation|guides?|wiki|man|doc_src|website|blog|changelogs?)\/|\.(?:md|mdx|markdown|rst|adoc|txt|textile|org|tex|html\.md)$|(?:^|\/)(?:readme|changelog|changes|history|contributing|authors|license|notice|news|security|openapi|swagger)(?:\.\w{1,8})?$/i;
const LOCALE =
  /(?:^|\/)(?:locales?|lang|langs|languages?|i18n|l10n|translations?|messages|intl)\/|(?:^|\/)(?:messages|translations?|strings|lang)(?:[._-][a-z]{2}(?:[_-][A-Za-z]{2,4})?)?\.(?:json|ya?ml|properties|ts|js|xml)$/i;

/** Which part a path plays, by its directories and its name. What is least of the deployment's own decides. */
export function pathClass(path: string): PathClass {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (ASSET.test(name)) return "asset";
  if (LOCK.test(path)) return "lock";
  if (VENDORED.test(path)) return "vendored";
  if (LOCALE.test(path)) return "locale";
  if (FIXTURE_DIRECTORY.test(path) || FIXTURE_FILE.test(name)) return "fixture";
  if (SAMPLE.test(stemmed(path))) return "sample";
  if (DOCS.test(path)) return "docs";
  // `.env.local` is what overrides the others in production too (Next.js, Vite).
  // So is Django's local_settings.py, which each machine has its own of.
  if (/^(?:local_settings|settings_local)\.py$/.test(name)) return "live";
  return DEVELOPMENT.test(stem(path.replace(/(\.env(?:\.production)?)\.local$/, "$1")))
    ? "dev"
    : "live";
}

/** `settings/local_dev.py` without its extension; env files keep theirs, which says what they are for. */
function stem(path: string): string {
  return path.replace(
    /\.(?:py|[cm]?[jt]sx?|ya?ml|json5?|toml|ini|cfg|conf|env|rb|php|sh|go|java|kt|cs|xml|properties)$/i,
    "",
  );
}

/** Templates of web pages are not samples: only a directory of them that holds configuration is. */
function stemmed(path: string): string {
  return /\.(?:html?|jinja2?|j2|vue|svelte|tsx?|jsx?|py|rb|php|go)$/i.test(path)
    ? path.replace(/(?:^|\/)(?:templates?|demos?|starter|snippets)\//gi, "/")
    : path;
}

const CODE =
  /\.(?:py|pyi|[cm]?jsx?|[cm]?tsx?|vue|svelte|astro|go|rb|php|java|kts?|scala|groovy|cs|fs|vb|rs|swift|m|mm|c|cc|cpp|h|hpp|dart|ex|exs|erl|lua|pl|pm|r|jl|clj|hs|sql|tf|hcl|gradle|coffee)$/i;
const CONFIG =
  /\.(?:ya?ml|ini|cfg|conf|cnf|config|toml|properties|sh|bash|zsh|fish|ps1|bat|cmd|service|socket|timer|container|env|envrc|tfvars|rc|netrc|npmrc|pypirc|pgpass|my\.cnf|plist|mk|nomad|list|creds|credentials)$|(?:^|\/)(?:\.npmrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.s3cfg|\.boto|credentials|Procfile|Makefile|Vagrantfile|Caddyfile|\.htpasswd|\.bashrc|\.profile|\.bash_profile|\.zshrc|config)$/i;
const DOTENV =
  /(?:^|\/)(?:\.env[\w.-]{0,60}|[\w.-]{1,60}\.env(?:\.[\w-]{1,30})?|\.flaskenv|env[._-](?:example|sample|template|dist|default))$/i;
const DOCKERFILE = /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,40})?$|\.dockerfile$/i;
const MARKUP = /\.(?:xml|html?|xhtml|xaml|csproj|props|targets|jsp|erb|ejs|hbs|twig|jinja2?|j2)$/i;
const JSON_FILE = /\.(?:json5?|jsonc|json\.\w{1,10}|webmanifest|har|tfstate)$/i;
const STAGE_SUFFIX = /(?<=\.[a-z]{2,5})\.(?:dev|development|prod|production|staging)$/i;
const SAMPLE_SUFFIX = /\.(?:example|sample|template|dist|tpl|tmpl|default|orig|bak|old|save)$/i;

/** How the file assigns; `undefined` for what is not looked into. */
export function fileFormat(path: string): FileFormat | undefined {
  if (DOCKERFILE.test(path)) return "dockerfile";
  if (DOTENV.test(path)) return "dotenv";
  // `config.py.prod.example`: the stage that a sample is for.
  const bare = path.replace(SAMPLE_SUFFIX, "").replace(STAGE_SUFFIX, "");
  if (JSON_FILE.test(bare)) return "json";
  if (CODE.test(bare)) return "code";
  if (CONFIG.test(bare)) return "config";
  if (MARKUP.test(bare)) return "markup";
  if (DOCS.test(bare) || /\.(?:pem|key|p8|ppk|asc)$/i.test(bare)) return "prose";
  return /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/.test(bare) ? "prose" : undefined;
}
