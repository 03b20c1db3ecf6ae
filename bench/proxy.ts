/**
 * `bin/node bench/proxy.ts`: plimsoll proxy on a generated file of 200, 1,000 and 5,000 virtual hosts of 45 lines
 * each, from a cold start, beside `nginx -T` on the same file in the same run. Run "npm run build" first.
 * `bin/node bench/proxy.ts rules` tells what each rule takes instead.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { checks } from "../src/checks/index.ts";
import { concernOf } from "../src/checks/proxy-rules/concern.ts";
import { nginxWanted } from "../src/checks/proxy-rules/example-wanted.ts";
import { absent, known } from "../src/core/reading.ts";
import { parseNginx } from "../src/parsers/nginx/parse.ts";
import { type Cost, measure, pair, show } from "./measure.ts";

const root = dirname(import.meta.dirname);
const executable = join(root, "bin/plimsoll");
const NGINX = "/usr/sbin/nginx";
const SIZES = [1, 200, 1_000, 5_000];
const RUNS: Readonly<Record<number, number>> = { 1: 5, 200: 7, 1000: 3, 5000: 1 };
const RULE_HOSTS = [200, 1_000, 4_000];
/** What the project promises for 200 hosts. */
const CPU_MS_MAX = 1_000;
const PEAK_MIB_MAX = 120;

const directory = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
try {
  if (process.argv[2] === "rules") measureRules();
  else await measureSizes();
} finally {
  rmSync(directory, { recursive: true });
}

async function measureSizes(): Promise<void> {
  if (!existsSync(join(root, "dist"))) throw new Error('run "npm run build" first');
  const hasNginx = existsSync(NGINX);
  for (const hosts of SIZES) {
    const file = join(directory, `hosts-${hosts}.conf`);
    writeFileSync(file, configuration(hosts));
    const lines = readFileSync(file, "utf8").split("\n").length;
    console.log(`\n${hosts} virtual hosts, ${lines} lines`);
    const ours = () => measure(executable, ["proxy", file, "--nginx-version", "1.22.1"]);
    const peer = () =>
      measure(NGINX, [
        "-T",
        "-q",
        "-c",
        file,
        "-p",
        `${directory}/`,
        "-e",
        join(directory, "error.log"),
      ]);
    const [mine, theirs] = await pair(RUNS[hosts] ?? 1, ours, hasNginx ? peer : ours);
    console.log(show("plimsoll proxy", mine));
    if (hasNginx) console.log(show("nginx -T", theirs));
    if (hosts === 200) verdict(mine);
  }
}

function verdict(costs: readonly Cost[]): void {
  const cpu = costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / costs.length;
  const peak = Math.max(...costs.map(({ peakKib }) => peakKib)) / 1_024;
  const isKept = cpu <= CPU_MS_MAX && peak <= PEAK_MIB_MAX;
  console.log(
    `  promised: ${CPU_MS_MAX} ms of CPU, ${PEAK_MIB_MAX} MiB: ${isKept ? "kept" : "NOT kept"}`,
  );
}

/** CPU of each check in this process at growing sizes; slow ones and those that grow faster than the file. */
function measureRules(): void {
  const own = checks.filter(
    ({ layer, wants }) => layer === "proxy" && Object.hasOwn(wants, "nginx"),
  );
  const trees = RULE_HOSTS.map((hosts) => parseNginx(configuration(hosts), "nginx.conf"));
  const wanted = trees.map((tree) => ({
    ...nginxWanted("", { version: "1.22.1" }),
    nginx: known([{ file: tree.file, foundBy: "bench", tree }]),
  }));
  const shared = wanted.map((one) => cpuOf(() => concernOf(one)));
  const rows = own.map((check) => ({
    id: check.control.id,
    costs: wanted.map((one) => {
      const missing = Object.keys(check.wants).map((name) => [name, absent("not looked for")]);
      const readings = { ...Object.fromEntries(missing), ...one };
      return cpuOf(() => check.evaluate({}, readings));
    }),
  }));
  rows.push({ id: "(the model all of them share)", costs: shared });
  console.log(`ms of CPU with ${RULE_HOSTS.join(", ")} virtual hosts`);
  for (const { id, costs } of rows.sort((a, b) => (b.costs.at(-1) ?? 0) - (a.costs.at(-1) ?? 0))) {
    console.log(`${id.padEnd(46)}${costs.map((cost) => cost.toFixed(0).padStart(8)).join("")}`);
  }
}

/** Milliseconds. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Virtual hosts as an operator writes them: a redirect, TLS, headers, an upstream, limits, static files. */
function configuration(hosts: number): string {
  const { certificate, key } = certificates();
  const each = Array.from({ length: hosts }, (_, at) => virtualHost(at, certificate, key));
  return `user www-data;
worker_processes auto;
pid ${directory}/nginx.pid;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    server_tokens off;
    server_names_hash_max_size 65536;
    variables_hash_max_size 4096;
    limit_req_zone $binary_remote_addr zone=perip:10m rate=10r/s;
    access_log ${directory}/access.log;
    ssl_session_cache shared:SSL:10m;
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
${each.join("")}}
`;
}

function virtualHost(at: number, certificate: string, key: string): string {
  const name = `host${at}.example.test`;
  return `    server {
        listen 8080;
        listen [::]:8080;
        server_name ${name} www.${name};
        return 301 https://$host$request_uri;
    }
    server {
        listen 8443 ssl http2;
        listen [::]:8443 ssl http2;
        server_name ${name};
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;
        add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
        add_header X-Content-Type-Options nosniff always;
        add_header X-Frame-Options DENY always;
        client_max_body_size 10m;
        root /srv/${name};
        location / {
            limit_req zone=perip burst=20 nodelay;
            proxy_pass http://127.0.0.1:${8_000 + (at % 50_000)};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
        }
        location /static/ {
            alias /srv/${name}/static/;
            expires 30d;
        }
        location ~ /\\. {
            deny all;
        }
        location = /healthz {
            access_log off;
            return 204;
        }
    }
`;
}

/** Made once; nginx reads them for each host. */
function certificates(): { readonly certificate: string; readonly key: string } {
  const certificate = join(directory, "cert.pem");
  const key = join(directory, "key.pem");
  if (!existsSync(key)) {
    const subject = ["-subj", "/CN=bench", "-days", "2", "-keyout", key, "-out", certificate];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...subject], { stdio: "ignore" });
  }
  return { certificate, key };
}
