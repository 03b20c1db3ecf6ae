import assert from "node:assert/strict";
import { test } from "node:test";

import { createMemoryHost } from "../host/memory-host.ts";
import { parseCompose } from "../parsers/compose.ts";
import { directiveText } from "../parsers/nginx/parse.ts";
import { collectProxyReadings } from "./proxy-collect.ts";
import { renderTemplate } from "./proxy-mounted.ts";

/** What is found of a deployment in /app: each configuration's file and origin, its listens, its problems. */
async function found(files: Readonly<Record<string, string>>, compose: string) {
  const parsed = parseCompose([{ file: "compose.yml", text: compose }], () => undefined);
  assert.ok(parsed.ok);
  const readings = await collectProxyReadings(
    createMemoryHost({ files }),
    { directory: "/app", hostFacts: false },
    {
      processes: undefined,
      compose: { files: ["compose.yml"], project: parsed.project, problems: [] },
      tree: undefined,
      environment: undefined,
    },
  );
  const listens = readings.nginx.flatMap(({ tree }) =>
    tree.directives
      .flatMap((one) => [one, ...(one.block ?? [])])
      .flatMap((one) =>
        [one, ...(one.block ?? [])]
          .filter(({ name }) => name === "listen" || name === "server_name")
          .map((each) => `${each.file}:${each.line} ${directiveText(each)}`),
      ),
  );
  return {
    configurations: readings.configurations.map(({ proxy, foundBy }) => `${proxy} ${foundBy}`),
    listens: [...new Set(listens)],
    problems: readings.problems.map(({ file, detail }) => `${file} ${detail}`),
  };
}

const service = (...volumes: readonly string[]) =>
  `services:\n  web:\n    image: nginx:1.27.3\n    environment:\n      DOMAIN: a.test\n      APP_SECRET: s3cret\n    volumes:\n${volumes.map((one) => `      - ${one}\n`).join("")}`;

test("a main file of any name, and what it includes through other mounts", async () => {
  const files = {
    "/app/docker/web": "http {\n include conf.d/*.conf;\n include /etc/nginx/extra.conf;\n}\n",
    "/app/sites/a.conf": "server { listen 81; }\n",
    "/app/one": "server { listen 82; }\n",
  };
  const compose = service(
    "./docker/web:/etc/nginx/nginx.conf:ro",
    "./sites:/etc/nginx/conf.d:ro",
    "./one:/etc/nginx/extra.conf",
  );
  assert.deepEqual(await found(files, compose), {
    configurations: ["nginx mounted at /etc/nginx/nginx.conf of the service web"],
    listens: ["sites/a.conf:1 listen 81;", "one:1 listen 82;"],
    problems: [],
  });
});

test("without a main file the image's own includes conf.d", async () => {
  const files = {
    "/app/web.txt": "server { listen 83; }\n",
    "/app/other": "server { listen 84; }\n",
  };
  const compose = service(
    "./web.txt:/etc/nginx/conf.d/default.conf",
    "./other:/etc/nginx/conf.d/x.bak",
  );
  assert.deepEqual(await found(files, compose), {
    configurations: ["nginx mounted at /etc/nginx/conf.d of the service web"],
    listens: ["web.txt:1 listen 83;"],
    problems: [],
  });
});

test("templates are rendered with the service's variables, secrets are not", async () => {
  const files = {
    "/app/t/default.conf.template":
      "server {\n listen 85;\n server_name ${DOMAIN} $host ${APP_SECRET};\n}\n",
  };
  assert.deepEqual((await found(files, service("./t:/etc/nginx/templates"))).listens, [
    "t/default.conf.template:2 listen 85;",
    "t/default.conf.template:3 server_name a.test $host ${APP_SECRET};",
  ]);
});

test("volumes by name, places outside and services without a proxy bring nothing", async () => {
  const compose = service("conf:/etc/nginx", "/etc/nginx:/etc/nginx", "./data:/var/lib/data");
  assert.deepEqual(
    await found({ "/etc/nginx/nginx.conf": "http {}", "/app/data/x": "" }, compose),
    {
      configurations: [],
      listens: [],
      problems: [],
    },
  );
});

test("other proxies' main files", async () => {
  const files = { "/app/edge": "a.test {\n respond ok\n}\n" };
  assert.deepEqual((await found(files, service("./edge:/etc/caddy/Caddyfile"))).configurations, [
    "caddy mounted at /etc/caddy/Caddyfile of the service web",
  ]);
});

const templates: readonly [text: string, rendered: string][] = [
  ["${A} $A $B ${B}", "1 1 $B ${B}"],
  ["$host$A", "$host1"],
  ["$AB ${A}B", "$AB 1B"],
];

for (const [text, rendered] of templates) {
  test(`envsubst of ${text}`, () => {
    assert.equal(renderTemplate(text, new Map([["A", "1"]])), rendered);
  });
}
