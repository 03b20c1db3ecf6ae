import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "./host-certificates.ts";
import {
  freePorts,
  makePrefix,
  removePrefix,
  startNginx,
  stopNginx,
  writeFiles,
} from "./nginx-process.ts";

/* An application under gunicorn behind nginx, as one finds it on a small server. */

/** Debian's own, as its packages are for it alone. */
export const PYTHON = "/usr/bin/python3";
const START_MS_MAX = 15_000;
export const NAME = "shop.example.test";

/** Why these modules of Python cannot run here; in CI an error, as a test nobody runs is none. */
export function pythonMissing(modules: string, packages: string): string | undefined {
  try {
    execFileSync(PYTHON, ["-c", `import ${modules}`], { stdio: "ignore" });
    return undefined;
  } catch (cause) {
    const what = `${PYTHON} has no ${modules} (${packages})`;
    if (process.env["CI"]) throw new Error(`${what}, and this is CI`, { cause });
    return what;
  }
}

/** What gunicorn runs. */
export interface WebApplication {
  readonly files: Readonly<Record<string, string>>;
  /** For gunicorn: a class of workers, the application. */
  readonly arguments: readonly string[];
}

/** What is different from the sound deployment. */
export interface Changes {
  /** Over `.env`, which the application is started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Over what the application is started with, which `.env` does not tell. */
  readonly startedWith?: Readonly<Record<string, string>>;
  /** A unit in the tree with `Environment=` lines, which the application is started with as well. */
  readonly unit?: Readonly<Record<string, string>>;
  /** Lines of `location /`, in the place of those of the same directive. */
  readonly location?: readonly string[];
  /** Lines of `location /` that nginx was started with, and that its file no longer has. */
  readonly staleLocation?: readonly string[];
  /** `false`: plain requests are handed to the application. */
  readonly isRedirectOfProxy?: boolean;
  readonly tls?: { readonly protocols: string; readonly ciphers: string };
  /** `false`: the proxy sets no Strict-Transport-Security of its own. */
  readonly isHstsOfProxy?: boolean;
  /** A proxy on the loopback alone has no clients elsewhere, and is not judged. */
  readonly isListeningToAll?: boolean;
  /** Sends every name to the application, with the name it knows. */
  readonly isAnyHostTaken?: boolean;
}

export interface Deployment {
  readonly directory: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Of gunicorn, on the loopback. */
  readonly appPort: number;
  /** For `--cacert`. */
  readonly caFile: string;
  stop(): Promise<void>;
}

const ENV: Readonly<Record<string, string>> = {
  DJANGO_SECRET_KEY: "test-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz",
  DJANGO_DEBUG: "0",
  DJANGO_ENV: "production",
  DJANGO_ALLOWED_HOSTS: NAME,
  CLUSTER_ENABLED: "1",
  CLUSTER_SECRET: "test-fixture-Wk7Rm2Tq9Vb4Xz1Nc8Lp5Hj3Gs6Fd0Ya-Uo2Ie9Bt4Wx7Kz",
};

export async function startDeployment(
  application: WebApplication,
  changes: Changes = {},
): Promise<Deployment> {
  const keys = mkdtempSync(join(tmpdir(), "plimsoll-ca-"));
  const authority = createAuthority(keys);
  const { cert, key } = authority.issue("shop", { names: `DNS:${NAME}` });
  const [httpPort = 0, httpsPort = 0, appPort = 0] = await freePorts(3);
  const directory = makePrefix({});
  chmodSync(directory, 0o755);
  const env = { ...ENV, ...changes.env };
  const { staleLocation = [], location = [] } = changes;
  const running = { ...changes, location: [...location, ...staleLocation] };
  const conf = (lines: Changes) => nginxConf({ httpPort, httpsPort, appPort }, lines);
  writeFiles(directory, {
    ...application.files,
    ...(changes.unit !== undefined && {
      "deploy/shop.service": unitText(directory, appPort, changes.unit, application),
    }),
    ".env": Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
    "deploy/shop.pem": cert,
    "deploy/shop.key": key,
    "deploy/nginx.conf": conf(running),
  });
  for (const secret of [".env", "deploy/shop.key"]) chmodSync(join(directory, secret), 0o600);
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.map(stopNginx));
    removePrefix(directory);
    rmSync(keys, { recursive: true, force: true });
  };
  try {
    const gunicorn = startGunicorn(directory, appPort, application, {
      ...env,
      ...changes.unit,
      ...changes.startedWith,
    });
    children.push(gunicorn);
    await listening(appPort, gunicorn);
    children.push(await startNginx(join(directory, "deploy"), httpsPort));
    if (staleLocation.length > 0) writeFiles(directory, { "deploy/nginx.conf": conf(changes) });
  } catch (error) {
    await stop();
    throw error;
  }
  return { directory, httpPort, httpsPort, appPort, caFile: authority.caFile, stop };
}

function startGunicorn(
  directory: string,
  port: number,
  application: WebApplication,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(PYTHON, ["-m", "gunicorn", ...gunicornArguments(port, application)], {
    cwd: directory,
    env: { PATH: "/usr/bin:/bin", PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function gunicornArguments(port: number, application: WebApplication): readonly string[] {
  return ["--bind", `127.0.0.1:${port}`, "--workers", "1", ...application.arguments];
}

function unitText(
  directory: string,
  port: number,
  environment: Readonly<Record<string, string>>,
  application: WebApplication,
): string {
  return [
    "[Service]",
    `WorkingDirectory=${directory}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}`),
    `ExecStart=${PYTHON} -m gunicorn ${gunicornArguments(port, application).join(" ")}`,
    "",
  ].join("\n");
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`gunicorn does not listen on ${port}: ${stderr}`);
}

const GOOD_TLS = {
  protocols: "TLSv1.2 TLSv1.3",
  ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
};

interface Ports {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly appPort: number;
}

/** The lines are those the tests name: changes stand where the sound deployment has its own. */
function nginxConf({ httpPort, httpsPort, appPort }: Ports, changes: Changes): string {
  const {
    location = [],
    tls = GOOD_TLS,
    isAnyHostTaken = false,
    isHstsOfProxy = true,
    isRedirectOfProxy = true,
  } = changes;
  const address = changes.isListeningToAll === true ? "" : "127.0.0.1:";
  const other = isAnyHostTaken
    ? [`location / { proxy_pass http://127.0.0.1:${appPort}; proxy_set_header Host ${NAME}; }`]
    : ["return 444;"];
  const pair = ["ssl_certificate shop.pem;", "ssl_certificate_key shop.key;"];
  const toApplication = `proxy_pass http://127.0.0.1:${appPort}; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $host;`;
  const blocks = [
    [`listen ${address}${httpPort} default_server;`, "server_name _;", "return 444;"],
    [
      `listen ${address}${httpPort};`,
      `server_name ${NAME};`,
      isRedirectOfProxy
        ? `return 301 https://$host:${httpsPort}$request_uri;`
        : `location / { ${toApplication} }`,
    ],
    [
      `listen ${address}${httpsPort} ssl http2 default_server;`,
      "server_name _;",
      ...pair,
      ...other,
    ],
    [
      `listen ${address}${httpsPort} ssl http2;`,
      `server_name ${NAME};`,
      ...pair,
      ...(isHstsOfProxy
        ? ['add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;']
        : []),
      "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'\" always;",
      `location / { ${toApplication} ${location.join(" ")} }`,
    ],
  ];
  const servers = blocks.map((lines) => `server {\n  ${lines.join("\n  ")}\n}`);
  return [
    "events {}",
    "http {",
    "access_log off;",
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${name}_temp;`,
    ),
    "server_tokens off;",
    `ssl_protocols ${tls.protocols};`,
    `ssl_ciphers ${tls.ciphers};`,
    ...servers,
    "}\n",
  ].join("\n");
}
