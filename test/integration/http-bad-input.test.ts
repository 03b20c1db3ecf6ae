import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { ELEMENTS_MAX } from "../../src/core/http-page.ts";
import { answerOf, type HttpSide, type HttpSite } from "../../src/core/http-site.ts";
import { PAGE_BYTES_MAX } from "../../src/facts/http/body.ts";
import { type SurveyRequest, surveySite } from "../../src/facts/http/survey.ts";
import { gradeObservatory } from "../../src/grades/observatory.grade.ts";
import { CODINGS_MAX, PIECES_MAX } from "../../src/host/local-body.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { INTERIM_ANSWERS_MAX } from "../../src/host/local-request.ts";

/** Nothing listens on port 2. */
const CLOSED = 2;
const LIMIT_MS = 3_000;
const LOOPBACK = [{ fromHost: "", fromPort: "", toHost: "127.0.0.1", toPort: "" }];

function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)); // TCP.
  return promise;
}

/** Looks at a site whose http side is `port`. */
function look(http: number, more: Partial<SurveyRequest> = {}, https = CLOSED): Promise<HttpSite> {
  return surveySite(
    createLocalHost({ connectTo: LOOPBACK }),
    { url: "http://site.example/", ports: { http, https }, sideMs: LIMIT_MS, ...more },
    { signal: new AbortController().signal, nowMs: Date.now(), seed: "test" },
  );
}

const http = async (answer: RequestListener) =>
  listen(createServer({ maxHeaderSize: 1024 * 1024 }, answer));
/** Answers whatever is sent with these bytes. */
const bytes = async (...parts: readonly (string | Buffer)[]) =>
  listen(
    createTcpServer((socket) => {
      socket.once("data", () => {
        for (const part of parts)
          socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
        socket.end();
      });
    }),
  );
const failureOf = ({ end }: HttpSide) => (end.kind === "no-answer" ? end.failure.kind : end.kind);
const INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

test("no listener on either side is told for both, and nothing more is asked", async () => {
  const site = await look(CLOSED);
  assert.deepEqual([failureOf(site.http), failureOf(site.https)], ["refused", "refused"]);
  assert.equal(site.requests, 2);
  assert.deepEqual(gradeObservatory(site), {
    state: "not-graded",
    because: "the site does not answer",
  });
});

const FAILURES: readonly [name: string, port: () => Promise<number>, kind: string][] = [
  ["closed without an answer", () => listen(createTcpServer((socket) => socket.end())), "reset"],
  ["reset", () => listen(createTcpServer((socket) => socket.resetAndDestroy())), "reset"],
  ["silence", () => listen(createTcpServer()), "timeout"],
  ["another protocol", () => bytes("220 mail.example ESMTP\r\n"), "malformed"],
  ["a broken field name", () => bytes(`${HEAD}Bad Name: x\r\n\r\n`), "malformed"],
  ["a NUL in a value", () => bytes(`${HEAD}X: a\0b\r\n\r\n`), "malformed"],
  [
    "two lengths",
    () => bytes(`${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    "malformed",
  ],
  [
    "interim answers without end",
    () => bytes(INTERIM.repeat(INTERIM_ANSWERS_MAX + 1)),
    "malformed",
  ],
  [
    "as many interim answers as the limit, then one",
    () => bytes(INTERIM.repeat(INTERIM_ANSWERS_MAX), `${HEAD}Content-Length: 0\r\n\r\n`),
    "answer",
  ],
  ["10 MB of header", () => bytes(HEAD, `X: ${"a".repeat(10_000_000)}\r\n\r\n`), "too-large"],
];
for (const [name, port, kind] of FAILURES) {
  test(`${name} is ${kind}`, async () => {
    assert.equal(failureOf((await look(await port())).http), kind);
  });
}

const TLS_FAILURES: readonly [name: string, port: () => Promise<number>, kind: string][] = [
  ["plain http on the https port", () => http((_, response) => response.end("hi")), "tls"],
  ["TLS without a certificate", () => listen(createTlsServer({})), "tls"],
];
for (const [name, port, kind] of TLS_FAILURES) {
  test(`https: ${name} is ${kind}`, async () => {
    assert.equal(failureOf((await look(CLOSED, {}, await port())).https), kind);
  });
}

test("300 fields are all kept, in order", async () => {
  const port = await http((_, response) => {
    response.sendDate = false;
    response.writeHead(200, Array.from({ length: 300 }, (_, at) => [`X-${at}`, String(at)]).flat());
    response.end();
  });
  const fields = answerOf((await look(port)).http)?.fields.filter(([name]) =>
    name.startsWith("X-"),
  );
  assert.deepEqual(
    fields,
    Array.from({ length: 300 }, (_, at) => [`X-${at}`, String(at)]),
  );
});

test("bytes beyond ASCII stay as they are", async () => {
  const site = await look(await bytes(`${HEAD}X: caf\xe9\r\nContent-Length: 0\r\n\r\n`));
  assert.deepEqual(answerOf(site.http)?.fields[1], ["X", "caf\xe9"]);
});

test("an endless body, a drip and a broken off one end in time, with the fields kept", async () => {
  const endless = await http((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html", "X-Frame-Options": "DENY" });
    const timer = setInterval(() => response.write("x".repeat(100)), 50);
    response.on("close", () => clearInterval(timer));
  });
  const start = performance.now();
  const site = await look(endless);
  const answer = answerOf(site.http);
  assert.equal(answer?.body.cut, "time");
  assert.ok(answer.fields.some(([name]) => name === "X-Frame-Options"));
  assert.ok(performance.now() - start < 3 * LIMIT_MS + 1_000);
  assert.equal(gradeObservatory(site).state, "not-graded");

  const broken = await look(await bytes(`${HEAD}Content-Length: 100\r\n\r\nshort`));
  assert.equal(answerOf(broken.http)?.body.cut, "closed");
});

const TEXT = "<p>hello</p>".repeat(50);
const CODINGS: readonly [coding: string, body: Buffer][] = [
  ["gzip", gzipSync(TEXT)],
  ["x-gzip", gzipSync(TEXT)],
  ["deflate", deflateSync(TEXT)],
  ["deflate", deflateRawSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
  ["zstd", zstdCompressSync(TEXT)],
  ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ["identity", Buffer.from(TEXT)],
];
for (const [coding, body] of CODINGS) {
  test(`${coding} is undone (${body.subarray(0, 2).toString("hex")})`, async () => {
    const head = `${HEAD}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = answerOf((await look(await bytes(head, body))).http);
    assert.deepEqual([answer?.body.text, answer?.body.cut], [TEXT, undefined]);
  });
}

test("as many codings as the limit are undone, one more is not", async () => {
  const nested = (count: number) => {
    let body = Buffer.from(TEXT);
    for (let at = 0; at < count; at += 1) body = gzipSync(body);
    const coding = Array.from({ length: count }, () => "gzip").join(", ");
    return bytes(
      `${HEAD}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`,
      body,
    );
  };
  const most = answerOf((await look(await nested(CODINGS_MAX))).http);
  assert.deepEqual([most?.body.text, most?.body.cut], [TEXT, undefined]);
  const more = answerOf((await look(await nested(CODINGS_MAX + 1))).http);
  assert.equal(more?.body.cut, "coding");
});

test("what cannot be decoded is said", async () => {
  for (const coding of ["gzip", "br", "zstd", "quantum"]) {
    const head = `${HEAD}Content-Encoding: ${coding}\r\nContent-Length: 9\r\n\r\nplain txt`;
    const site = await look(await bytes(head));
    assert.equal(answerOf(site.http)?.body.cut, "coding", coding);
    assert.match(site.limits.join(), /cannot be decoded/);
  }
});

test("a bomb is cut by its ratio, a large page by its size", async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  for (const [coding, body] of [
    ["gzip", gzipSync(zeros)],
    ["br", brotliCompressSync(zeros)],
    ["gzip, gzip", gzipSync(gzipSync(zeros))],
  ] as const) {
    const head = `${HEAD}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = answerOf((await look(await bytes(head, body))).http);
    assert.match(answer?.body.cut ?? "", /^(?:ratio|size)$/, coding);
    assert.ok((answer?.body.sizeBytes ?? 0) <= PAGE_BYTES_MAX);
  }
});

test("as many chunks as the limit are read, one more is cut", async () => {
  const chunked = async (count: number) => {
    const head = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
    const site = await look(await bytes(head, "1\r\na\r\n".repeat(count), "0\r\n\r\n"), {
      sideMs: 15_000,
    });
    const body = answerOf(site.http)?.body;
    return [body?.cut, body?.sizeBytes, site.limits.some((each) => each.includes("more chunks"))];
  };
  assert.deepEqual(await chunked(PIECES_MAX), [undefined, PIECES_MAX, false]);
  assert.deepEqual(await chunked(PIECES_MAX + 1), ["pieces", PIECES_MAX, true]);
});

test("HTML of 50 MB is read to the limit and parsed within it", async () => {
  const part = `<a href="/x">x</a><script src="https://cdn.example/a.js"></script>${" ".repeat(900)}`;
  const port = await http((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.on("error", () => undefined);
    response.end(part.repeat(50_000));
  });
  const body = answerOf((await look(port, { sideMs: 15_000 })).http)?.body;
  assert.deepEqual([body?.cut, body?.sizeBytes, body?.isTextCut], ["size", PAGE_BYTES_MAX, true]);
  assert.deepEqual([body?.page?.scripts.length, body?.page?.cut], [ELEMENTS_MAX, ["scripts"]]);
});

const REDIRECTS: readonly [
  name: string,
  location: string | undefined,
  end: string,
  hops: number,
][] = [
  ["to itself", "/", "redirect-limit", 11],
  ["nowhere", undefined, "location-missing", 1],
  ["to no URL", "http://[bad", "location-invalid", 1],
  ["out of http", "javascript:alert(1)", "location-scheme", 1],
];
for (const [name, location, end, hops] of REDIRECTS) {
  test(`a redirect ${name} ends as ${end}`, async () => {
    const port = await http((_, response) => {
      response.writeHead(302, location === undefined ? {} : { Location: location });
      response.end();
    });
    const side = (await look(port)).http;
    assert.deepEqual([side.end.kind, side.hops.length], [end, hops]);
    if (side.end.kind === "redirect-limit") assert.equal(side.end.isLoop, true);
  });
}

test("ten redirects are followed, the eleventh is not", async () => {
  const chain = (count: number) =>
    http((request, response) => {
      const at = Number((request.url ?? "").slice(1));
      if (at < count) response.writeHead(302, { Location: `/${at + 1}` });
      response.end();
    });
  const [ten, eleven] = [await look(await chain(10)), await look(await chain(11))];
  assert.deepEqual([ten.http.end.kind, ten.http.hops.length], ["answer", 11]);
  assert.deepEqual([eleven.http.end.kind, eleven.http.hops.length], ["redirect-limit", 11]);
});

test("addresses in the page that are none, and cookies that break every rule, harm nothing", async () => {
  const html = `<base href="http://[bad"><a href="http://[">x</a><script src="https://"></script>
    <script src="//"></script><img src="data:"><form action="http://:x"><a href="//site.example:99999/">`;
  const cookies = [
    "=x",
    "",
    ";;;",
    "a",
    "a=b; Domain=..; Path=x; Max-Age=; Expires=never",
    `n=${"v".repeat(9_000)}`,
  ];
  const port = await http((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html", "Set-Cookie": cookies });
    response.end(html);
  });
  const site = await look(port);
  assert.equal(site.http.end.kind, "answer");
  assert.equal(gradeObservatory(site).state, "graded");
});

test("a server that answers differently each time is said to, field by field", async () => {
  let count = 0;
  const port = await http((_, response) => {
    count += 1;
    response.writeHead(count % 2 === 0 ? 200 : 503, {
      "Content-Type": "text/html",
      "X-Turn": count,
    });
    response.end(String(count));
  });
  const { changes } = await look(port);
  assert.equal(changes.wasAskedAgain, true);
  assert.ok(changes.fields.includes("x-turn"));
  assert.equal(changes.isBodyDifferent, true);
});

test("a page shown only with the cookie set on the way is asked for with it again", async () => {
  const asked: [path: string, cookie: string | undefined][] = [];
  const port = await http(({ url = "", headers: { cookie } }, response) => {
    asked.push([url.replace(/plimsoll-.*/, "plimsoll"), cookie]);
    const isSeen = cookie === "seen=1";
    response.sendDate = false;
    response.writeHead(isSeen ? 200 : 302, {
      ...(isSeen
        ? { "X-Frame-Options": "DENY" }
        : { Location: url, "Set-Cookie": ["seen=1", "other=1; Path=/other"] }),
    });
    response.end();
  });
  const site = await look(port, { paths: ["/login"] });
  assert.deepEqual(site.changes, { wasAskedAgain: true, fields: [], isBodyDifferent: false });
  const { errorPage, paths } = site.extra;
  const statuses = [errorPage, ...paths].map(
    (each) => each !== undefined && "answer" in each && each.answer.status,
  );
  assert.deepEqual(statuses, [200, 200]);
  // The method and RFC 9116 ask without.
  const without = asked.filter(([, cookie]) => cookie === undefined).map(([path]) => path);
  assert.deepEqual([...new Set(without)].sort(), ["/", "/.well-known/security.txt", "/robots.txt"]);
});

test("own fields go to the audited host alone, and come back nowhere", async () => {
  const secret = "s3cr3t-token-value";
  const seen: [host: string | undefined, field: string | undefined][] = [];
  const port = await http((request, response) => {
    const field = request.headers["authorization"];
    seen.push([request.headers.host?.replace(/:\d+$/, ""), field]);
    if (request.headers.host?.startsWith("site.example")) {
      response.writeHead(302, {
        Location: `http://other.example:${port}/?t=${field}`,
        "X-Echo": field ?? "",
      });
    } else response.setHeader("Content-Type", "text/html");
    response.end(`<p>${field} ${secret}</p>`);
  });
  const site = await look(port, { fields: [["Authorization", `Bearer ${secret}`]] });
  assert.ok(seen.some(([host, field]) => host === "site.example" && field === `Bearer ${secret}`));
  assert.ok(seen.every(([host, field]) => host === "site.example" || field === undefined));
  assert.ok(!JSON.stringify(site).includes(secret));
});

test("own fields are not sent in clear when https is asked for", async () => {
  const fields: unknown[] = [];
  const port = await http((request, response) => {
    fields.push(request.headers["cookie"]);
    response.end();
  });
  await look(port, { url: "https://site.example/", fields: [["Cookie", "session=0123456789"]] });
  assert.ok(fields.length > 0 && fields.every((field) => field === undefined));
});
