import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  HITS_MAX,
  LINE_LENGTH_MAX,
  MINIFIED_BYTES_MIN,
  MINIFIED_LINE_MEAN,
  scanSecrets,
} from "./scan.ts";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";
const ALNUM = UPPER + LOWER + DIGITS;
const HEX = "0123456789abcdef";
const B32 = `${UPPER}234567`;
const B64 = `${ALNUM}+/`;
const DJANGO = `${LOWER}${DIGITS}!@#$%^&*(-_=+)`;

/** Text that opens nothing: drawn from the digest of a label, so that no real form stands in this file. */
function drawn(label: string, length: number, alphabet = ALNUM): string {
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHash("sha256").update(`${label} ${block}`).digest())
      text += alphabet[byte % alphabet.length] ?? "";
  }
  return text.slice(0, length);
}

const K = (label: string) => drawn(label, 40);
const pem = (kind: string, label: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${drawn(`${label}1`, 64, B64)}\n${drawn(`${label}2`, 64, B64)}\n-----END ${kind}PRIVATE KEY-----\n`;
const jwt = `eyJ${drawn("head", 33)}.eyJ${drawn("body", 80)}.${drawn("sign", 43)}`;

/** File, text with the secret, and the line the secret is told at. */
const PLANTED: readonly (readonly [path: string, text: string, line?: number])[] = [
  ["deploy/aws.ini", `[default]\naws_access_key_id = AKIA${drawn("a1", 16, B32)}\n`, 2],
  ["deploy/aws.conf", `[default]\naws_secret_access_key = ${drawn("a2", 40, B64)}\n`, 2],
  ["app/s3.py", `client = boto3.client("s3", aws_secret_access_key="${drawn("a3", 40, B64)}")\n`],
  ["src/maps.ts", `const key = "AIza${drawn("a4", 35)}";\n`],
  ["config/oauth.json", `{\n  "client_secret": "GOCSPX-${drawn("a5", 28)}"\n}\n`, 2],
  [
    "gcp/account.json",
    `{"private_key": "-----BEGIN PRIVATE KEY-----\\n${drawn("a6", 64, B64)}\\n${drawn("a7", 64, B64)}\\n"}\n`,
  ],
  ["deploy.sh", `git clone https://x-access-token:ghp_${drawn("a8", 36)}@github.com/o/r.git\n`],
  [".env", `GITHUB_TOKEN=github_pat_${drawn("a9", 22)}_${drawn("b1", 59)}\n`],
  ["ci.d/release.yml", `env:\n  TOKEN_OF_BOT: ghs_${drawn("b2", 36)}\n`, 2],
  ["scripts/mirror.rb", `TOKEN = 'glpat-${drawn("b3", 20)}'\n`],
  [
    "bot/slack.py",
    `app = App(token="xoxb-${drawn("b4", 12, DIGITS)}-${drawn("b5", 12, DIGITS)}-${drawn("b6", 24)}")\n`,
  ],
  [
    "bot/notify.js",
    `post("https://hooks.slack.com/services/T${drawn("b7", 8, UPPER)}/B${drawn("b8", 8, UPPER)}/${drawn("b9", 24)}");\n`,
  ],
  ["billing/pay.go", `var stripeKey = "sk_live_${drawn("c1", 24)}"\n`],
  ["billing/hook.ts", `const hook = "whsec_${drawn("c2", 32)}";\n`],
  ["sms/config.php", `'sid' => 'SK${drawn("c3", 32, HEX)}',\n`],
  ["mail/settings.toml", `[mail]\nkey = "SG.${drawn("c4", 22)}.${drawn("c5", 43)}"\n`, 2],
  ["ai/client.py", `openai.api_key = "sk-proj-${drawn("c6", 48)}"\n`],
  ["ai/claude.ts", `new Anthropic({ apiKey: "sk-ant-api03-${drawn("c7", 93)}" });\n`],
  ["ai/hub.py", `login("hf_${drawn("c8", 34, UPPER + LOWER)}")\n`],
  [".npmrc", `//registry.npmjs.org/:_authToken=npm_${drawn("c9", 36)}\n`],
  [".pypirc", `[pypi]\npassword = pypi-AgEIcHlwaS5vcmc${drawn("d1", 60)}\n`, 2],
  ["keys/server.pem", pem("RSA ", "d2"), 1],
  ["keys/id_ed25519", pem("OPENSSH ", "d3"), 1],
  ["app/keys.py", `KEY = """${pem("EC ", "d4")}"""\n`.replace('"""', "'").replace('"""', "'")],
  ["app/session.js", `const session = "${jwt}";\n`],
  ["app/observe.py", `AUTH = "sntrys_eyJ${drawn("d5", 80)}"\n`],
  ["infra/main.tf", `token = "dop_v1_${drawn("d6", 64, HEX)}"\n`],
  ["infra/registry.sh", `echo dckr_pat_${drawn("d7", 27)} | docker login --password-stdin\n`],
  [
    "ops/telegram.py",
    `URL = "https://api.telegram.org/bot${drawn("d8", 9, "123456789")}:${drawn("d9", 35)}/send"\n`,
  ],
  [
    "ops/azure.config",
    `conn = DefaultEndpointsProtocol=https;AccountKey=${drawn("e1", 86, B64)}==\n`,
  ],
  ["settings.py", `SECRET_KEY = "${drawn("e2", 50, DJANGO)}"\n`],
  [
    "config/settings/production.py",
    `SECRET_KEY = env("KEY", default="x")\nJWT_SECRET: str = "${K("e3")}"\n`,
    2,
  ],
  ["app/conf.py", `SECRET = os.environ.get("SECRET_KEY", "${K("e4")}")\n`],
  [
    "app/config.py",
    `class Config:\n    SECRET_KEY = os.environ.get("SECRET_KEY") or "${K("e5")}"\n`,
    2,
  ],
  [
    "app/core.py",
    `class Settings(BaseSettings):\n    api_key: SecretStr = SecretStr("${K("e6")}")\n`,
    2,
  ],
  ["server.js", `app.use(session({ secret: "${K("e7")}", resave: false }));\n`],
  ["server.ts", `const secret = process.env.JWT_SECRET ?? "${K("e8")}";\n`],
  ["lib/auth.js", `const secretKey = process.env.KEY || '${K("e9")}', apiSecret = '${K("f1")}';\n`],
  ["app.cjs", `module.exports = { "api-key": "${drawn("f2", 32, HEX)}" };\n`],
  ["config.yaml", `auth:\n  jwt_secret: ${K("f3")}\n`, 2],
  ["values.yml", `api:\n  token: "${K("f4")}"   # rotate\n`, 2],
  ["compose.yml", `services:\n  web:\n    environment:\n      - SECRET_KEY=${K("f5")}\n`, 4],
  [
    "docker-compose.yml",
    `services:\n  web:\n    environment:\n      DB_PASSWORD: ${drawn("f6", 24)}\n`,
    4,
  ],
  ["k8s/secret.yaml", `stringData:\n  password: ${drawn("f7", 20)}\n`, 2],
  ["Dockerfile", `FROM node:24\nENV API_KEY=${K("f8")}\n`, 2],
  ["web.Dockerfile", `FROM node:24\nENV API_TOKEN ${K("f9")}\n`, 2],
  ["stack.yml", `services:\n  web:\n    environment:\n      KEY: \${SECRET_KEY:-${K("i2")}}\n`, 4],
  ["app.toml", `[security]\nsigning_key = "${K("g1")}"\n`, 2],
  ["app.ini", `[db]\npassword=${drawn("g2", 18)}\n`, 2],
  ["application.properties", `spring.datasource.password=${drawn("g3", 20)}\n`],
  ["config.json", `{ "db": { "password": "${drawn("g4", 20)}" } }\n`],
  ["web.config", `<add key="ApiKey" value="${K("g5")}" />\n`],
  ["conf/server.xml", `<server>\n  <password>${drawn("g6", 20)}</password>\n</server>\n`, 2],
  ["monitor.service", `[Service]\nEnvironment=API_TOKEN=${K("g7")}\n`, 2],
  ["start.sh", `export DB_PASSWORD='${drawn("g8", 16)}'\n`],
  ["backup.sh", `mysqldump --password ${drawn("g9", 16)} app\n`],
  ["call.sh", `curl -H "Authorization: Bearer ${K("h1")}" https://api.invalid.org/\n`],
  [".env.production", `DATABASE_URL=postgres://app:${drawn("h2", 20)}@db.internal:5432/app\n`],
  ["app/db.py", `engine = create_engine("mysql://app:${drawn("h3", 20)}@10.0.0.5/app")\n`],
  [".netrc", `machine git.internal login ci password ${drawn("h4", 20)}\n`],
  ["lib/Client.java", `private static final String API_KEY = "${K("h5")}";\n`],
  ["src/main.rs", `const CLIENT_SECRET: &str = "${K("h6")}";\n`],
  ["wp-config.php", `define('AUTH_KEY', '${drawn("h7", 64, ALNUM)}');\n`],
  ["config/secrets.yml", `production:\n  secret_key_base: ${drawn("h8", 128, HEX)}\n`, 2],
  ["app/appsettings.json", `{\n  "Jwt": {\n    "SigningKey": "${K("h9")}"\n  }\n}\n`, 3],
  ["fallbacks.py", `SECRET_KEY_FALLBACKS = [\n    "${drawn("i1", 50, DJANGO)}",\n]\n`, 2],
];

test("sixty and more kinds of secrets are all found, at their line", () => {
  assert.ok(PLANTED.length >= 60);
  const missed = PLANTED.flatMap(([path, text, line = 1]) => {
    const { hits, pathClass } = scanSecrets(path, text);
    const found = hits.some(
      (hit) => hit.verdict === "opaque" && hit.place === "statement" && hit.line === line,
    );
    return found && pathClass === "live"
      ? []
      : [
          `${path} (${pathClass}): ${hits.map((hit) => `${hit.line} ${hit.verdict} ${hit.place}`).join(", ")}`,
        ];
  });
  assert.deepEqual(missed, []);
});

/** What must not be taken for a live secret. */
const HARMLESS: readonly (readonly [path: string, text: string])[] = [
  ["app.py", 'TOKEN_NAME = "access_token"\npassword_field = "newPassword2024"\n'],
  ["app.py", 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]\n'],
  ["app.py", 'secret = os.environ["SECRET_KEY"]\nkey = settings.api_key\n'],
  ["app.py", 'SECRET_KEY = get_random_secret_key()\nSECRET = f"{prefix}-{suffix}"\n'],
  ["app.py", `# SECRET_KEY = "${K("n1")}"\n`],
  ["app.py", `def f():\n    """Use SECRET_KEY = "${K("n2")}"."""\n`],
  ["app.py", `raise ValueError("export SESSION_SECRET_KEY='${K("n3")}'")\n`],
  ["app.py", `if SECRET_KEY == "${K("n4")}":\n    raise ValueError\n`],
  ["app.py", `INSECURE_KEYS = {\n    "${K("n5")}",\n    "${K("n6")}",\n}\n`],
  ["app.ts", `const KNOWN_DEFAULT_SECRETS = new Set(["${K("n7")}"]);\n`],
  ["app.ts", 'const token = await getToken("/api/v2/token/refresh");\nconst x = `${token}abc`;\n'],
  ["app.ts", 'const label = { password: "Mot de passe oublié ?", token: "API-Schlüssel" };\n'],
  ["config.py", `class TestingConfig(Config):\n    SECRET_KEY = "${K("n8")}"\n`],
  ["config.py", `if DEBUG:\n    SECRET_KEY = "${K("n9")}"\n`],
  ["setup.cfg", `[tool:pytest]\nenv =\n\tD:SECRET_KEY=${K("o8")}\n`],
  ["database.yml", `development:\n  password: ${drawn("o1", 20)}\n`],
  [
    ".env",
    "SECRET_KEY=changeme\nAPI_KEY=<your key>\nTOKEN=${OTHER}\nDB_PASSWORD=xxxxxxxxxxxxxxxx\n",
  ],
  [".env", "JWT_SECRET=your-256-bit-secret-goes-here\nAPI_KEY=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"],
  [".env", "SECRET_KEY_FILE=/run/secrets/key\nACCESS_TOKEN_EXPIRE_MINUTES=11520\n"],
  [
    "compose.yml",
    "environment:\n  SECRET_KEY: ${SECRET_KEY:?}\n  DB_PASSWORD_FILE: /run/secrets/db\n",
  ],
  ["values.yaml", "secretKeyRef:\n  name: app\n  key: token\npassword: vault:secret/data/app#pw\n"],
  ["users.yml", `password: $2b$12$${drawn("o2", 53)}\npassword_hash: ${drawn("o3", 64, HEX)}\n`],
  ["app.js", `const csrfToken = "${K("o4")}", publicKey = "${K("o5")}";\n`],
  ["app.js", 'const aws = "AKIAIOSFODNN7EXAMPLE", slack = "xoxb-YOUR-BOT-TOKEN-HERE-000000";\n'],
  ["db.py", 'URL = "postgres://postgres:postgres@localhost/app"\n'],
  ["db.py", 'URL = f"postgres://{user}:{password}@{host}/app"\n'],
  ["Dockerfile", `RUN SECRET_KEY=${K("o6")} python manage.py collectstatic --noinput\n`],
  ["Dockerfile", `RUN a && \\\n    SECRET_KEY=${K("o7")} ./manage.py compress\n`],
  ["tests/test_app.py", `SECRET_KEY = "${K("p1")}"\n`],
  ["settings/ci.py", `SECRET_KEY = "${K("p2")}"\n`],
  ["settings/local_dev.py", `SECRET_KEY = "${K("p3")}"\n`],
  [".env.example", `SECRET_KEY=${K("p4")}\n`],
  ["docs/setup.md", `SECRET_KEY=${K("p5")} AKIA${drawn("p6", 16, B32)}\n`],
  ["locales/de.json", `{"password": "${K("p7")}"}\n`],
  ["vendor/lib/x.py", `SECRET_KEY = "${K("p8")}"\n`],
  ["package-lock.json", `{"integrity": "sha512-${K("p9")}", "token": "${K("q1")}"}\n`],
  [".github/workflows/ci.yml", `env:\n  SECRET_KEY: ${K("q2")}\n`],
];

describe("what is no live secret", () => {
  for (const [path, text] of HARMLESS) {
    test(`${path}: ${text.split("\n")[0]?.slice(0, 60)}`, () => {
      const { hits, pathClass } = scanSecrets(path, text);
      const live = hits.filter(
        (hit) => pathClass === "live" && hit.verdict === "opaque" && hit.place === "statement",
      );
      assert.deepEqual(
        live.map(({ line, title }) => `${line} ${title}`),
        [],
      );
    });
  }
});

describe("what was written in a secret's place is told with its class", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [".env.sample", "A=1\nSECRET_KEY=\n# API_KEY=\n", ["2 empty statement", "3 empty comment"]],
    [".env", "SECRET_KEY=changethis\n", ["1 placeholder statement"]],
    [
      "app.py",
      'def f():\n    """x(secret_key="your-secret-key")"""\n',
      ["2 placeholder docstring"],
    ],
    ["app.py", "print(\"export API_KEY='dev-only-insecure'\")\n", ["1 placeholder text"]],
    ["app.py", '_DEFAULT_KEYS = {\n    "supersecret-1234567890",\n}\n', ["2 placeholder denylist"]],
    ["form.json", '{"placeholder": "xoxb-YOUR-BOT-TOKEN-HERE"}\n', ["1 placeholder statement"]],
    ["Dockerfile", "RUN SECRET_KEY=build-key ./manage.py compress\n", ["1 placeholder build"]],
    [
      "Dockerfile",
      "# why\nRUN mkdir a \\\n  # within\n  && SECRET_KEY=build-key ./manage.py compress\n",
      ["4 placeholder build"],
    ],
    ["t/tests/a.py", 'u = "http://admin:secret@127.0.0.1:8080/"\n', ["1 placeholder statement"]],
  ];
  for (const [path, text, expected] of cases) {
    test(`${path}: ${expected.join(", ")}`, () => {
      const { hits } = scanSecrets(path, text);
      assert.deepEqual(
        hits.map(({ line, verdict, place }) => `${line} ${verdict} ${place}`),
        expected,
      );
    });
  }
});

describe("limits", () => {
  const secret = `SECRET_KEY = "${K("limits")}"`;
  const live = (text: string) => scanSecrets("app.py", text).hits.length;

  test("a line counts up to its length", () => {
    const fill = (length: number) => `${secret}${" ".repeat(length - secret.length)}`;
    assert.equal(live(`${fill(LINE_LENGTH_MAX)}\n`), 1);
    assert.equal(live(`${fill(LINE_LENGTH_MAX + 1)}\n`), 0);
  });

  test("machine-made files are skipped by their size and the length of their lines", () => {
    const long = "x".repeat(MINIFIED_LINE_MEAN);
    const made = `${secret}\n${`${long}\n`.repeat(MINIFIED_BYTES_MIN / MINIFIED_LINE_MEAN + 1)}`;
    assert.equal(scanSecrets("app.py", made).skipped, undefined);
    assert.equal(scanSecrets("app.py", made + long.repeat(40)).skipped, "minified");
    assert.equal(scanSecrets("app.py", `${secret}\n${long.repeat(2)}`).skipped, undefined);
  });

  test("so many hits and no more", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => `SECRET_KEY = "${K(`many ${at}`)}"`).join("\n");
    assert.equal(live(many(HITS_MAX)), HITS_MAX);
    assert.equal(live(many(HITS_MAX + 1)), HITS_MAX);
  });

  test("hostile text costs time in proportion to its length", () => {
    const hostile = [
      "secret".repeat(100_000),
      "token:".repeat(100_000),
      `${"://a:".repeat(100_000)}`,
      "-----BEGIN RSA PRIVATE KEY-----\n".repeat(20_000),
      '"""'.repeat(200_000),
      `password = "${"\\".repeat(500_000)}`,
      "eyJeyJeyJ.".repeat(60_000),
      "_DEFAULT_KEYS = {\n".repeat(30_000),
      "  secret = [\n".repeat(40_000),
    ];
    const before = process.cpuUsage();
    for (const text of hostile) scanSecrets("app.py", text);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 3_000_000, `${user + system} µs`);
  });
});
