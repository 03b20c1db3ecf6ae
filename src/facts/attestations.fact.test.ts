import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { type AttestationStatement, attestationText } from "../core/attestation.ts";
import type { AttestationTrust, CollectContext } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { sha256HexOf } from "../wire/digest.ts";
import { keyId, signed, signingKey } from "./attestation-signature.ts";
import {
  ATTESTATION_BYTES_MAX,
  ATTESTATIONS_MAX,
  type Attestations,
  attestations,
  EVIDENCE_BYTES_MAX,
} from "./attestations.fact.ts";

function newKey() {
  const { privateKey } = generateKeyPairSync("ed25519");
  const key = signingKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  assert.ok(key !== undefined);
  return key;
}

const ALICE = newKey();
const MALLORY = newKey();
const DIRECTORY = "/srv/shop/.plimsoll/attestations";
const FILE = `${DIRECTORY}/respond.contacts.a.json`;
const REPORT = "the report";

const STATEMENT: Omit<AttestationStatement, "key"> = {
  item: "respond.contacts",
  deployment: "shop",
  catalog: "x",
  scope: [],
  who: "Alice",
  performed: "2026-11-20",
  madeAt: "2026-11-21T09:00:00Z",
  expires: "2027-01-01",
  details: {},
  evidence: [],
};

function textOf(changes: Partial<AttestationStatement> = {}, key = ALICE): string {
  return attestationText(signed({ ...STATEMENT, ...changes }, key));
}

type Files = Readonly<Record<string, string | MemoryFile>>;

async function read(
  files: Files,
  trust: Partial<AttestationTrust> = {},
  urls: readonly string[] = [],
): Promise<Reading<Attestations>> {
  const context: CollectContext = {
    host: createMemoryHost({ files: { "/srv/shop/.env": "", ...files } }),
    target: {
      ...{ directory: "/srv/shop", urls, mode: "auto", compat: false, hostFacts: false },
      attest: { keys: [{ key: ALICE.publicKey, name: "alice" }], ...trust },
    },
    nowMs: Date.parse("2026-11-28T12:00:00Z"),
    fingerprintKey: "",
    signal: new AbortController().signal,
  };
  return attestations.collect(context, {}, { release: { state: "absent", reason: "no git" } });
}

async function values(
  files: Files,
  ...rest: readonly [Partial<AttestationTrust>?, (readonly string[])?]
) {
  const reading = await read(files, ...rest);
  assert.ok(reading.state === "known", JSON.stringify(reading));
  return reading.value;
}

test("none at all is an answer", async () => {
  assert.deepEqual(await read({}), known({ ...EMPTY, trustedKeys: 1 }));
});

const EMPTY: Attestations = {
  deployments: ["shop"],
  trustedKeys: 0,
  attestations: [],
  unread: [],
  isTruncated: false,
};

const tampered = textOf().replace("2027-01-01", "2028-01-01");
/** Signed by Mallory, with Alice's key written in. */
const impersonated = attestationText({
  statement: { ...STATEMENT, key: ALICE.publicKey },
  signature: signed(STATEMENT, MALLORY).signature,
});

const SIGNATURES: readonly [name: string, text: string, signature: string, signer?: string][] = [
  ["as it was signed", textOf(), "trusted", "alice"],
  ["changed afterwards", tampered, "forged", "alice"],
  ["by another under her key", impersonated, "forged", "alice"],
  ["by a key nobody trusts", textOf({}, MALLORY), "untrusted"],
];

for (const [name, text, signature, signer] of SIGNATURES) {
  test(`an attestation ${name} is ${signature}`, async () => {
    const [one] = (await values({ [FILE]: text })).attestations;
    assert.deepEqual([one?.signature, one?.signer], [signature, signer]);
    assert.equal(one?.file, ".plimsoll/attestations/respond.contacts.a.json");
  });
}

test("a key in the audited directory is nobody's", async () => {
  const files = {
    [FILE]: textOf({}, MALLORY),
    [`${DIRECTORY}/attest-keys`]: `ed25519:${MALLORY.publicKey} m`,
  };
  const value = await values(files, { keys: [] });
  assert.deepEqual([value.attestations[0]?.signature, value.trustedKeys], ["untrusted", 0]);
});

test("a key is named by its print", async () => {
  const [one] = (await values({ [FILE]: textOf() })).attestations;
  assert.equal(one?.keyId, keyId(ALICE.publicKey));
  assert.match(keyId(ALICE.publicKey), /^[0-9a-f]{16}$/);
});

const NAMES: readonly [
  deployment: string,
  trust: Partial<AttestationTrust>,
  urls: readonly string[],
  isOwn: boolean,
][] = [
  ["shop", {}, [], true],
  ["staging", {}, [], false],
  ["shop.example.org", {}, ["https://shop.example.org/"], true],
  ["shop", {}, ["https://shop.example.org/"], true],
  ["live", { deployment: "live" }, [], true],
  ["shop", { deployment: "live" }, [], false],
  ["Shop", {}, [], false],
];

for (const [deployment, trust, urls, isOwn] of NAMES) {
  test(`${deployment} is ${isOwn ? "" : "not "}this deployment (${trust.deployment ?? "no name"}, ${urls})`, async () => {
    const [one] = (await values({ [FILE]: textOf({ deployment }) }, trust, urls)).attestations;
    assert.equal(one?.isOfDeployment, isOwn);
  });
}

const UNREAD: readonly [name: string, file: string | MemoryFile, why: RegExp][] = [
  ["a link", { link: "/srv/shop/elsewhere.json" }, /symbolic link/],
  ["not JSON", "{", /no JSON/],
  ["too large", textOf().padEnd(ATTESTATION_BYTES_MAX + 1, " "), /larger|more than|bytes/],
  ["closed", { text: "", unreadable: true }, /EACCES|denied/i],
  [
    "not UTF-8",
    { bytes: new TextEncoder().encode(textOf()).map((byte) => (byte === 0x41 ? 0xff : byte)) },
    /not UTF-8/,
  ],
  ["a pipe", { kind: "other" }, /no regular file/],
];

for (const [name, file, why] of UNREAD) {
  test(`a file that is ${name} is told, and costs no other`, async () => {
    const files = {
      [FILE]: file,
      [`${DIRECTORY}/z.json`]: textOf(),
      "/srv/shop/elsewhere.json": textOf(),
    };
    const value = await values(files);
    assert.deepEqual([value.attestations.length, value.unread.length], [1, 1]);
    assert.match(value.unread[0]?.why ?? "", why);
  });
}

test("a file as large as it may be is read", async () => {
  const value = await values({ [FILE]: textOf().padEnd(ATTESTATION_BYTES_MAX, "\n") });
  assert.equal(value.attestations.length, 1);
});

test("more files than are read are said", async () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${DIRECTORY}/${at}.json`, "{"]));
  const counts = async (count: number) => {
    const { unread, isTruncated } = await values(many(count));
    return [unread.length, isTruncated];
  };
  assert.deepEqual(await counts(ATTESTATIONS_MAX), [ATTESTATIONS_MAX, false]);
  assert.deepEqual(await counts(ATTESTATIONS_MAX + 1), [ATTESTATIONS_MAX, true]);
});

test("a directory that leads out of the deployment is not of it", async () => {
  const reading = await read({
    "/srv/shop/.plimsoll": { link: "/home/mallory" },
    "/home/mallory/attestations/a.json": textOf(),
  });
  assert.ok(reading.state === "unknown");
  assert.match(reading.problem.detail, /leads out of the deployment/);
});

test("files of another name are none", async () => {
  const value = await values({ [`${DIRECTORY}/README.md`]: "x", [`${DIRECTORY}/.a.json.17`]: "x" });
  assert.deepEqual([value.attestations, value.unread], [[], []]);
});

const sha256 = sha256HexOf(new TextEncoder().encode(REPORT));
const evidence = [
  { name: "report.txt", sha256, sizeBytes: REPORT.length, path: "docs/report.txt" },
];
const DOCUMENT = "/srv/shop/docs/report.txt";

const DOCUMENTS: readonly [name: string, files: Files, why: RegExp | undefined][] = [
  ["as attested", { [DOCUMENT]: REPORT }, undefined],
  ["another", { [DOCUMENT]: `${REPORT}!` }, /is not what was attested/],
  ["gone", {}, /is gone/],
  ["a link out", { [DOCUMENT]: { link: "/etc/report" }, "/etc/report": REPORT }, /leads out/],
  ["too large", { [DOCUMENT]: "x".repeat(EVIDENCE_BYTES_MAX + 1) }, /could not be read/],
];

for (const [name, files, why] of DOCUMENTS) {
  test(`a document that is ${name}`, async () => {
    const [one] = (await values({ ...files, [FILE]: textOf({ evidence }) })).attestations;
    if (why === undefined) assert.deepEqual(one?.changed, []);
    else assert.match(one?.changed[0]?.why ?? "", why);
  });
}

test("nobody's word makes the auditor read a document", async () => {
  const [one] = (await values({ [FILE]: textOf({ evidence }, MALLORY) })).attestations;
  assert.deepEqual(one?.changed, []);
});
