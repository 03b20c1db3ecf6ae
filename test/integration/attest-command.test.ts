import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { auditJson, controlOf, createScratch, GOOD_ENV, plimsoll } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

const HOME = join(scratch.directory, "home");
const SHOP = join(scratch.directory, "shop");
const KEYS = join(scratch.directory, "keys");
const PLACE = join(SHOP, ".plimsoll/attestations");
const NOW = "2026-11-28T12:00:00Z";
const ENV = {
  HOME,
  XDG_CONFIG_HOME: "",
  PLIMSOLL_ATTEST_KEYS: "",
  USER: "alice",
  LOGNAME: "alice",
};
const AREAS =
  "xss,csrf,clickjacking,sql-injection,command-injection,path-traversal,auth-bypass,session-fixation,cors";

scratch.write("home/.profile", "");
scratch.write("shop/.env", GOOD_ENV);
scratch.write("report.pdf", "a report");

const run = (...args: readonly string[]) => plimsoll(args, { env: ENV, cwd: scratch.directory });
const attest = (...args: readonly string[]) => run("attest", ...args, "--now", NOW);
const audit = (...args: readonly string[]) =>
  auditJson(SHOP, "--no-host", "--now", NOW, "--attest-key", KEYS, ...args);

const PENTEST = [
  ...["pentest", SHOP, "--evidence", "report.pdf", "--expires", "365d", "--scope", AREAS],
  ...["--set", "tester=ACME", "--set", "tools=zap, burp", "--set", "open-criticals=0"],
];

function filesOf(item: string): readonly string[] {
  if (!existsSync(PLACE)) return [];
  return readdirSync(PLACE).filter((name) => name.startsWith(`${item}.2`));
}

test("attest key: makes a private key for its owner alone and prints the public half", async () => {
  const made = await attest("key", "--who", "Alice Example");
  assert.equal(made.exit, 0, made.stderr);
  assert.match(made.stdout, /^ed25519:[A-Za-z0-9+/]{43}= Alice Example\n$/);
  const path = join(HOME, ".config/plimsoll/attest-key.pem");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(HOME, ".config/plimsoll")).mode & 0o777, 0o700);
  const secret = readFileSync(path, "utf8").split("\n")[1] ?? "";
  assert.ok(secret.length > 40 && !`${made.stdout}${made.stderr}`.includes(secret));
  writeFileSync(KEYS, `# who may attest\n${made.stdout}`, { mode: 0o600 });
  const again = await attest("key", "--who", "Alice Example");
  assert.deepEqual([again.exit, again.stdout], [64, ""]);
  assert.match(again.stderr, /is there already/);
  assert.equal(readFileSync(path, "utf8").split("\n")[1], secret);
});

test("attest key: never in a tree that is under version control or audited", async () => {
  scratch.write("repo/.git/HEAD", "ref: refs/heads/main\n");
  const inside = join(scratch.directory, "repo/deep/key.pem");
  for (const args of [
    ["key", "--key", inside],
    ["key", SHOP, "--key", join(SHOP, "key.pem")],
  ]) {
    const ended = await attest(...args);
    assert.deepEqual([ended.exit, ended.stdout], [64, ""]);
    assert.match(ended.stderr, /a private key belongs elsewhere/);
  }
  assert.ok(!existsSync(inside));
});

const REFUSED: readonly [args: readonly string[], why: RegExp][] = [
  [[], /attest what\? see "plimsoll attest items"/],
  [["pentst", SHOP], /nothing called "pentst" can be attested; did you mean "pentest"\?/],
  [["pentest", "/no/such/dir", "--expires", "1d"], /cannot attest for \/no\/such\/dir/],
  [["respond.contacts", SHOP, "--expires", "90d"], /contacts \(two people or more/],
  [
    ["respond.contacts", SHOP, "--expires", "90d", "--set", "contacts=Alice"],
    /must be two people or more/,
  ],
  [["review.headers", SHOP], /--expires is missing; review\.headers holds at most 92 days/],
  [
    ["review.headers", SHOP, "--expires", "93d"],
    /at most 92 days after it was done: until 2027-02-28/,
  ],
  [["review.headers", SHOP, "--expires", "2027-03-01"], /until 2027-02-28/],
  [["review.headers", SHOP, "--expires", "2027-02-29"], /takes a day/],
  [["review.headers", SHOP, "--expires", "tomorrow"], /takes a day/],
  [["review.headers", SHOP, "--expires", "0d"], /takes a day/],
  [["review.headers", SHOP, "--expires", "2026-11-27"], /is over already/],
  [["review.headers", SHOP, "--expires", "9d", "--performed", "2026-11-29"], /still to come/],
  [["review.headers", SHOP, "--expires", "9d", "--performed", "2026-11-31"], /takes a day/],
  [["review.headers", SHOP, "--expires", "9d", "--set", "Tester=x"], /--set takes NAME=TEXT/],
  [["review.headers", SHOP, "--expires", "9d", "--set", "a=1", "--set", "a=2"], /one name twice/],
  [
    ["review.headers", SHOP, "--expires", "9d", "--policy", "x"],
    /--policy is not for review\.headers/,
  ],
  [
    ["review.headers", SHOP, "--expires", "9d", "--evidence", "none.pdf"],
    /cannot read the evidence/,
  ],
  [["review.headers", SHOP, "--expires", "9d", "--evidence", "/dev/zero"], /not a regular file/],
  [
    ["review.headers", SHOP, "--expires", "9d", "--evidence", "https://a:b@example.org/"],
    /without userinfo/,
  ],
  [["review.headers", SHOP, "--expires", "9d", "--who", "Al\u001bice"], /--who takes the name/],
  [["review.headers", SHOP, "--expires", "9d", "--deployment", " "], /--deployment takes a name/],
  [["csp.staging-tested", SHOP, "--expires", "9d"], /needs --policy HASH/],
  [["review.checklist", SHOP, "--expires", "9d"], /say --release ID, as no commit is checked out/],
  [["review.headers", SHOP, "--expires", "9d", "--key", "report.pdf"], /chmod 600|not an Ed25519/],
  [["pentest", SHOP, "--expires", "9d"], /tester \(who tested\) is not given/],
  [[...PENTEST.slice(0, -1), "open-criticals=3"], /open-criticals is "3" and must be 0/],
  [
    [...PENTEST.slice(0, 6), "--scope", "xss", ...PENTEST.slice(8)],
    /the scope lacks csrf, clickjacking/,
  ],
];

for (const [args, why] of REFUSED) {
  test(`attest refuses: ${args.map((arg) => JSON.stringify(arg.replace(scratch.directory, ""))).join(" ")}`, async () => {
    const ended = await attest(...args);
    assert.deepEqual([ended.exit, ended.stdout], [64, ""]);
    assert.match(ended.stderr, why);
    assert.doesNotMatch(ended.stderr, /\u001b/);
    assert.deepEqual(filesOf(""), []);
  });
}

test("attest: what is signed passes in the audit until the end of its last day", async () => {
  const signed = await attest(...PENTEST);
  assert.equal(signed.exit, 0, signed.stderr);
  assert.match(signed.stdout, /holds until the end of 2027-11-28 UTC/);
  assert.equal(filesOf("pentest").length, 1);
  const cases: readonly [now: string, status: string][] = [
    [NOW, "pass"],
    ["2027-10-28T23:59:59Z", "pass"],
    ["2027-10-29T00:00:00Z", "warn"],
    ["2027-11-28T23:59:59Z", "warn"],
    ["2027-11-29T00:00:00Z", "fail"],
    ["2026-11-28T11:55:00Z", "pass"],
    ["2026-11-28T11:54:59Z", "fail"],
  ];
  for (const [now, status] of cases) {
    const report = await auditJson(
      SHOP,
      "--no-host",
      "--attest-key",
      KEYS,
      "--now",
      now,
      "--only",
      "pentest.attested",
    );
    assert.equal(controlOf(report, "pentest.attested").status, status, now);
  }
});

test("audit: without trusted keys it counts for nothing, whatever lies in the tree", async () => {
  const key = readFileSync(KEYS, "utf8");
  scratch.write("shop/.plimsoll/attest-keys", key);
  const report = await auditJson(SHOP, "--no-host", "--now", NOW);
  const { status, because, summary } = controlOf(report, "pentest.attested");
  assert.deepEqual([status, because], ["unknown", "not-attested"]);
  assert.match(summary, /signed by a key that is not trusted/);
  for (const option of [join(SHOP, ".plimsoll/attest-keys"), "link"]) {
    if (option === "link")
      symlinkSync(join(SHOP, ".plimsoll/attest-keys"), join(scratch.directory, "link"));
    const refused = await run("audit", SHOP, "--no-host", "--attest-key", option);
    assert.equal(refused.exit, 64);
    assert.match(refused.stderr, /lies in the audited directory/);
  }
});

test("audit: a list of keys that others can write, that is empty or malformed is refused", async () => {
  const cases: readonly [text: string, mode: number, why: RegExp][] = [
    [readFileSync(KEYS, "utf8"), 0o622, /others can write it/],
    ["# nobody\n", 0o600, /no public key in it/],
    ["ed25519:AAAA alice\n", 0o600, /list:1: not a public key/],
  ];
  for (const [text, mode, why] of cases) {
    const refused = await run("audit", SHOP, "--attest-key", scratch.write("list", text, mode));
    assert.equal(refused.exit, 64);
    assert.match(refused.stderr, why);
  }
});

test("audit: the operator's own list is found, and a key on the command line is enough", async () => {
  const [, line = ""] = readFileSync(KEYS, "utf8").split("\n");
  const only = [
    "audit",
    SHOP,
    "--no-host",
    "--now",
    NOW,
    "--only",
    "pentest.attested",
    "--format",
    "json",
  ];
  const pinned = await run(...only, "--attest-key", line.split(" ")[0] ?? "");
  assert.equal(pinned.exit, 0, pinned.stdout);
  scratch.write("home/.config/plimsoll/attest-keys", line);
  assert.equal((await run(...only)).exit, 0);
  const named = await plimsoll(only, {
    env: { ...ENV, HOME: "/nonexistent", PLIMSOLL_ATTEST_KEYS: KEYS },
  });
  assert.equal(named.exit, 0);
});

test("audit: another deployment's attestation says nothing of this one", async () => {
  const only = ["--only", "pentest.attested"];
  const staging = controlOf(await audit(...only, "--deployment", "staging"), "pentest.attested");
  assert.equal(staging.status, "fail");
  assert.match(staging.summary, /is about shop, another deployment/);
  assert.equal(
    controlOf(await audit(...only, "--deployment", "shop"), "pentest.attested").status,
    "pass",
  );
});

test("audit: a penetration test answers for its areas, where they apply", async () => {
  const report = await audit("--only", "probe.xss", "--only", "probe.session-fixation");
  const states = report.controls.map(({ id, status }) => `${id} ${status}`);
  assert.deepEqual(states, ["probe.session-fixation pass", "probe.xss pass"]);
});

test("audit: one that was tampered with fails; so does one put there under her name", async () => {
  const [name = ""] = filesOf("pentest");
  const path = join(PLACE, name);
  const good = readFileSync(path, "utf8");
  writeFileSync(path, good.replace('"ACME"', '"Nobody"'));
  const report = await audit("--only", "pentest.attested");
  const control = controlOf(report, "pentest.attested");
  assert.deepEqual([control.status, control.findings[0]?.rule], ["fail", "forged"]);
  assert.equal(report.exitCode, 2);
  const verified = await attest("verify", SHOP, "--attest-key", KEYS);
  assert.equal(verified.exit, 2);
  assert.match(verified.stdout, /^invalid +pentest/m);
  writeFileSync(path, good);
});

test("audit: a document that changes takes its attestation along", async () => {
  scratch.write("shop/docs/incident.md", "call Alice");
  const args = [
    "respond.procedures",
    SHOP,
    "--evidence",
    "shop/docs/incident.md",
    "--expires",
    "365d",
  ];
  assert.equal((await attest(...args)).exit, 0);
  const statusOf = async () => {
    const control = controlOf(await audit("--only", "respond.procedures"), "respond.procedures");
    return `${control.status} ${control.findings[0]?.rule ?? ""}`;
  };
  assert.equal(await statusOf(), "pass ");
  scratch.write("shop/docs/incident.md", "call Bob");
  assert.equal(await statusOf(), "warn evidence-changed");
});

test("attest: what is bound to a release passes for its commit alone", async () => {
  const commit = "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e";
  scratch.write("shop/.git/HEAD", `${commit}\n`);
  assert.equal((await attest("review.checklist", SHOP, "--expires", "365d")).exit, 0);
  const statusOf = async (...args: readonly string[]) =>
    controlOf(await audit("--only", "review.checklist", ...args), "review.checklist").status;
  assert.equal(await statusOf(), "pass");
  assert.equal(await statusOf("--release", commit.slice(0, 8)), "pass");
  assert.equal(await statusOf("--release", "v2"), "warn");
  scratch.write("shop/.git/HEAD", `${"0".repeat(40)}\n`);
  assert.equal(await statusOf(), "warn");
  scratch.write("shop/.git/HEAD", `${commit}\n`);
});

test("attest list: every attestation with its state, in JSON and in text", async () => {
  scratch.write("shop/.plimsoll/attestations/review.headers.x.json", "{");
  const json = JSON.parse((await attest("list", SHOP, "--attest-key", KEYS, "--json")).stdout);
  assert.deepEqual(
    json.attestations.map(({ item, state }: { item: string; state: string }) => `${item} ${state}`),
    ["pentest valid", "respond.procedures warning", "review.checklist valid"],
  );
  assert.equal(json.attestations[0].lastDay, "2027-11-28");
  assert.equal(json.unread.length, 1);
  assert.ok(json.notAttested.includes("respond.contacts") && !json.notAttested.includes("pentest"));
  const text = await attest("list", SHOP, "--attest-key", KEYS);
  assert.equal(text.exit, 0);
  assert.match(
    text.stdout,
    /^valid +pentest .*\n +alice, key [0-9a-f]{16} \(Alice Example\)\n +done on 2026-11-28, until the end of 2027-11-28 UTC \(365 days left\)$/m,
  );
  assert.match(
    text.stdout,
    /^unreadable +\.plimsoll\/attestations\/review\.headers\.x\.json: it is no JSON$/m,
  );
  const later = await run(
    "attest",
    "list",
    SHOP,
    "--attest-key",
    KEYS,
    "--now",
    "2027-11-29T00:00:00Z",
  );
  assert.match(later.stdout, /^invalid +pentest/m);
  assert.match(later.stdout, /\(1 days? ago\)/);
});

test("attest verify: one file, its answer by exit code", async () => {
  const [name = ""] = filesOf("pentest");
  const file = join(PLACE, name);
  assert.equal((await attest("verify", file, "--attest-key", KEYS)).exit, 0);
  assert.equal(
    (
      await plimsoll(["attest", "verify", file, "--now", NOW], {
        env: { ...ENV, HOME: "/nonexistent" },
      })
    ).exit,
    1,
  );
  assert.equal(
    (await run("attest", "verify", file, "--attest-key", KEYS, "--now", "2030-01-01")).exit,
    2,
  );
  assert.equal((await attest("verify", join(SHOP, ".env"), "--attest-key", KEYS)).exit, 2);
  assert.equal((await attest("verify", "/no/such/file", "--attest-key", KEYS)).exit, 64);
});

test("attest items: each with what it takes", async () => {
  const { stdout, exit } = await attest("items");
  assert.equal(exit, 0);
  assert.match(stdout, /^respond\.restore-tested +A backup of this deployment was restored/m);
  const items = JSON.parse((await attest("items", "--json")).stdout);
  assert.ok(items.every(({ daysMax }: { daysMax: number }) => daysMax >= 1 && daysMax <= 365));
});

test("attest: nothing is written where .plimsoll leads out of the deployment", async () => {
  scratch.write("other/.env", GOOD_ENV);
  scratch.write("away/.keep", "");
  symlinkSync(join(scratch.directory, "away"), join(scratch.directory, "other/.plimsoll"));
  const ended = await attest("review.headers", join(scratch.directory, "other"), "--expires", "9d");
  assert.equal(ended.exit, 64);
  assert.match(ended.stderr, /leads out of the deployment/);
  assert.deepEqual(
    readdirSync(join(scratch.directory, "away"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name),
    [".keep"],
  );
});

test("collect and judge: the facts carry no private key, and the verdict is the audit's", async () => {
  const facts = await run("collect", SHOP, "--no-host", "--now", NOW, "--attest-key", KEYS);
  const pem =
    readFileSync(join(HOME, ".config/plimsoll/attest-key.pem"), "utf8").split("\n")[1] ?? "";
  assert.ok(!facts.stdout.includes(pem));
  const path = scratch.write("facts.json", facts.stdout);
  const judged = await run("judge", path, "--format", "json");
  const pentest = JSON.parse(judged.stdout).controls.find(
    ({ id }: { id: string }) => id === "pentest.attested",
  );
  assert.equal(pentest.status, "pass");
});

test("check-security: attestations change nothing of it", async () => {
  const args = ["check-security", SHOP, "--no-host", "--json", "--now", NOW];
  const [without, withKeys] = await Promise.all([run(...args), run(...args, "--attest-key", KEYS)]);
  assert.equal(without.stderr, "");
  assert.equal(withKeys.stdout, without.stdout);
});
