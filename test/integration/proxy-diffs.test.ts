import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Edit, Finding } from "../../src/core/check.ts";
import { applySplices, placeEdits } from "../../src/parsers/edits/splice.ts";
import { diffHeader, unifiedHunks } from "../../src/parsers/edits/unified-diff.ts";
import { findingsIn, readSample } from "../proxy-truth.ts";
import { makePrefix, nginxMissing, nginxRefuses, removePrefix } from "./nginx-process.ts";

/*
 * Every suggested diff, applied to a copy: the real nginx takes what it took before, the finding is gone and none
 * is new. Over all sample configurations and whatever findings of theirs have edits.
 */

const SAMPLES = join(import.meta.dirname, "../data/nginx/samples");
const NAMES = readdirSync(SAMPLES);
const missing = nginxMissing();

let certificates = "";
before(() => {
  certificates = makePrefix({});
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"],
      ...["-keyout", join(certificates, "key.pem"), "-out", join(certificates, "cert.pem")],
    ],
    { stdio: "ignore" },
  );
});
after(() => removePrefix(certificates));

/** Newer than Debian 12's nginx, or with a module that is a package of its own. */
const NOT_LOADED: ReadonlySet<string> = new Set(["good-http2-new-syntax", "parse-stream-block"]);

/** A copy of a sample with edits applied; what it needs of a machine is put beside it for nginx. */
function copyWith(name: string, edits: readonly Edit[]): string {
  const prefix = makePrefix({});
  cpSync(join(SAMPLES, name), prefix, { recursive: true });
  for (const [file, own] of Map.groupBy(edits, (edit) => edit.file)) {
    const path = join(prefix, file);
    const text = readFileSync(path, "utf8");
    const { splices, unplaced } = placeEdits(text, own, "nginx");
    assert.deepEqual(
      unplaced.map(({ because, edit }) => `${edit.file}:${edit.line} ${because}`),
      [],
    );
    writeFileSync(path, applySplices(text, splices));
  }
  return prefix;
}

/** What nginx has against a copy once it has certificates, folders and ports it may use. */
function refusedByNginx(prefix: string): string | undefined {
  for (const file of readdirSync(prefix, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".conf")) continue;
    const path = join(prefix, file);
    const text = readFileSync(path, "utf8")
      .replace(/^pid .*;$/m, "")
      .replaceAll("/var/log/nginx", prefix)
      .replaceAll(/\/etc\/[\w./-]*(?:privkey|key)[\w-]*\.pem/g, join(certificates, "key.pem"))
      .replaceAll(/\/etc\/(?:letsencrypt|nginx)\/[\w./-]*\.pem/g, join(certificates, "cert.pem"))
      // 443 and 80 may be taken: -t binds.
      .replaceAll(
        /(listen\s+(?:\S*:)?)(\d{2,3})(?=[\s;])/g,
        (_, head: string, port: string) => `${head}${20_000 + Number(port)}`,
      );
    writeFileSync(path, text);
  }
  return nginxRefuses(prefix)?.match(/\[emerg\].*/)?.[0];
}

/** What is found in a copy, how often. */
function tally(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(findings, ({ rule }) => rule);
  return new Map([...groups].map(([rule, own]) => [rule, own.length]));
}

/** What is wrong with one suggestion; nothing where it holds. */
async function failings(
  name: string,
  finding: Finding,
  isAccepted: boolean,
): Promise<readonly string[]> {
  const { rule, edits = [], evidence } = finding;
  const place = `${name} ${rule} ${evidence[0].file}:${evidence[0].line}`;
  const earlier = tally(findingsIn(await readSample(join(SAMPLES, name))));
  const prefix = copyWith(name, edits);
  try {
    const later = tally(findingsIn(await readSample(prefix)));
    const added = [...later].filter(([slug, count]) => count > (earlier.get(slug) ?? 0));
    const isGone = (later.get(rule) ?? 0) < (earlier.get(rule) ?? 0);
    const refusal = isAccepted ? refusedByNginx(prefix) : undefined;
    return [
      ...(isGone ? [] : [`${place}: still found`]),
      ...added.map(([slug]) => `${place}: brings ${slug}`),
      ...(refusal === undefined ? [] : [`${place}: nginx refuses: ${refusal}`]),
    ];
  } finally {
    removePrefix(prefix);
  }
}

test("every suggestion loads, mends its finding and brings no other", {
  skip: missing ?? false,
}, async () => {
  const failed: string[] = [];
  const refused: string[] = [];
  let count = 0;
  for (const name of NAMES) {
    const findings = findingsIn(await readSample(join(SAMPLES, name)));
    const editable = findings.filter(({ edits }) => edits !== undefined);
    if (editable.length === 0) continue;
    const untouched = copyWith(name, []);
    const isAccepted = refusedByNginx(untouched) === undefined;
    if (!isAccepted) refused.push(name);
    removePrefix(untouched);
    for (const finding of editable) {
      count += 1;
      failed.push(...(await failings(name, finding, isAccepted)));
    }
  }
  assert.ok(count > 0);
  assert.deepEqual(
    refused.filter((name) => !NOT_LOADED.has(name)),
    [],
  );
  assert.deepEqual(failed, []);
});

test("patch and git take the diffs as they are printed", async () => {
  let count = 0;
  for (const name of NAMES) {
    const edits = findingsIn(await readSample(join(SAMPLES, name))).flatMap(
      (one) => one.edits ?? [],
    );
    for (const [file, own] of Map.groupBy(edits, (edit) => edit.file)) {
      const text = readFileSync(join(SAMPLES, name, file), "utf8");
      const { splices } = placeEdits(text, own, "nginx");
      const patch = diffHeader(file) + unifiedHunks(text, splices).hunks;
      for (const [program, ...args] of [
        ["patch", "-p0", "--quiet", "--fuzz=0"],
        ["git", "apply", "-"],
      ] as const) {
        const copy = copyWith(name, []);
        execFileSync(program, args, { cwd: copy, input: patch, stdio: ["pipe", "ignore", "pipe"] });
        assert.equal(readFileSync(join(copy, file), "utf8"), applySplices(text, splices), name);
        removePrefix(copy);
        count += 1;
      }
    }
  }
  assert.ok(count > 0);
});
