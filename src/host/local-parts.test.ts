import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../core/reading.ts";
import { parseNames } from "./accounts.ts";
import { alternativeNames, signatureName } from "./certificate.ts";
import { applyConnectTo, parseConnectTo } from "./connect-to.ts";
import { extendedEntries, readAcl } from "./local-acl.ts";
import { createMemoryHost } from "./memory-host.ts";
import { createSemaphore } from "./semaphore.ts";

const RULES: readonly (readonly [string, string, number, string])[] = [
  ["hub.test:443:127.0.0.1:8443", "hub.test", 443, "127.0.0.1:8443"],
  ["HUB.test:443:127.0.0.1:8443", "Hub.Test", 443, "127.0.0.1:8443"],
  ["hub.test:443:127.0.0.1:8443", "hub.test", 80, "hub.test:80"],
  ["::127.0.0.1:8443", "any.test", 443, "127.0.0.1:8443"],
  ["hub.test::127.0.0.1:", "hub.test", 99, "127.0.0.1:99"],
  ["hub.test:443::8443", "hub.test", 443, "hub.test:8443"],
  ["[::1]:443:[fd00::1]:1", "[::1]", 443, "fd00::1:1"],
];
for (const [rule, host, port, expected] of RULES) {
  test(`connect-to ${rule} for ${host}:${port}`, () => {
    const parsed = parseConnectTo(rule);
    assert.ok(parsed !== undefined);
    const to = applyConnectTo([parsed], host, port);
    assert.equal(`${to.host}:${to.port}`, expected);
  });
}
for (const text of ["", "a", "a:1:b", "a:x:b:1", "a:1:b:70000", "a:1:b:1:c", "::1:443:a:1"]) {
  test(`connect-to ${JSON.stringify(text)} is malformed`, () =>
    assert.equal(parseConnectTo(text), undefined));
}

test("accounts: the first name of an id counts, odd lines are skipped", () => {
  const names = parseNames("root:x:0:0\ntoor:x:0:0\n# c\n:x:5:\nbad:x:-1:\nsvc:x:1000:1000:a:b");
  assert.deepEqual(
    [...names],
    [
      [0, "root"],
      [1000, "svc"],
    ],
  );
});

test("getfacl output: base entries, defaults and remarks left out", () => {
  const output =
    "# file: x\nuser::rw-\nuser:alice:r--\t#effective:---\ngroup::r--\nmask::---\nother::---\ndefault:user:bob:rwx\n\n";
  assert.deepEqual(extendedEntries(output), ["user:alice:r--", "mask::---"]);
});

async function aclWithout(stdout: string, exit = 0, stderr = "") {
  const host = createMemoryHost({ run: { ls: { stdout, exit, stderr } } });
  return readAcl("/x", (program, args, timeoutMs) =>
    host.run(program, args, { timeoutMs, signal: new AbortController().signal }),
  );
}
test("without getfacl ls tells whether there is an ACL, and that it cannot be told what it grants", async () => {
  assert.deepEqual(await aclWithout('-rw-r----- 1 root root 3 Nov 22 02:00 "/x"\n'), []);
  await assert.rejects(aclWithout('-rw-r-----+ 1 root root 3 Nov 22 02:00 "/x"\n'), {
    code: "tool-missing",
  });
  await assert.rejects(aclWithout("", 1, "ls: unrecognized option: quoting-style=c"), {
    code: "tool-missing",
  });
  await assert.rejects(aclWithout("", 2, "ls: cannot access '/x': Permission denied"), {
    code: "denied",
  });
});

test("alternative names: a quoted name cannot forge another", () => {
  assert.deepEqual(
    alternativeNames(
      'DNS:a.test, IP Address:127.0.0.1, email:x@a.test, DNS:"b.test\\", DNS:evil.test"',
    ),
    ["a.test", "127.0.0.1", 'b.test\\", DNS:evil.test'],
  );
  assert.deepEqual(alternativeNames(""), []);
});

test("signature name of what is no certificate is empty", () => {
  for (const bytes of [
    [],
    [0x30],
    [0x30, 0x84],
    [0x30, 0x03, 0x30, 0x01, 0x00],
    [0x30, 0xff, 1, 2, 3],
  ]) {
    assert.equal(signatureName(Uint8Array.from(bytes)), "");
  }
});

test("semaphore: never more than its places, in order, and waiting ends with the signal", async () => {
  const places = createSemaphore(2);
  const { signal } = new AbortController();
  let running = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 9 }, (_, at) =>
      places.run(signal, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        order.push(at);
        running -= 1;
      }),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );

  const one = createSemaphore(1);
  const held = Promise.withResolvers<void>();
  const first = one.run(signal, () => held.promise);
  const stop = new AbortController();
  const second = one.run(stop.signal, async () => "never");
  stop.abort(new HostError("timed-out", "late"));
  await assert.rejects(second, { code: "timed-out" });
  held.resolve();
  await first;
  assert.equal(await one.run(signal, async () => "free"), "free");
});

test("memory host resolves as Linux does", async () => {
  const host = createMemoryHost({
    files: {
      "/a/real/f": "text",
      "/a/link": { link: "real" },
      "/a/up": { link: "../a/real/f" },
      "/a/loop": { link: "loop" },
      "/a/gone": { link: "none" },
    },
  });
  assert.equal(await host.readFile("/a/link/f", 9), "text");
  assert.equal(await host.realPath("/a/up"), "/a/real/f");
  assert.deepEqual(await host.readDir("/a/link"), ["f"]);
  assert.equal((await host.lstat("/a/gone")).kind, "link");
  await assert.rejects(host.stat("/a/gone"), { reason: "ENOENT" });
  await assert.rejects(host.stat("/a/loop"), { reason: "ELOOP" });
  await assert.rejects(host.readFile("/a/real/f/x", 9), { reason: "ENOTDIR" });
  await assert.rejects(host.readFile("/a/real", 9), { reason: "EISDIR" });
  await assert.rejects(host.readFile("/a/real/f", 3), { code: "too-large" });
  assert.equal(await host.readFile("/a/real/f", 4), "text");
});
