import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../../core/reading.ts";
import type { PathAccess } from "../../facts/env-files.fact.ts";
import { pathAccessOf } from "./example-facts.ts";
import { accessFaults, describeAccess, openAccess } from "./path-access.ts";

const TRUSTED = { owners: ["root", "svc"], groups: ["root", "svc"] };
const MISSING = unknown("tool-missing", "getfacl is not installed");
const dir = (mode: number, owner = "root", group = "root") => [
  { path: "/srv/app", mode, owner, group },
];

const cases: readonly (readonly [string, Partial<PathAccess>, readonly string[]])[] = [
  ["0400", { mode: 0o400 }, []],
  ["0440", { mode: 0o440 }, []],
  ["0600", { mode: 0o600 }, []],
  ["0640", { mode: 0o640 }, []],
  ["0604", { mode: 0o604 }, ["world-readable"]],
  ["0601", { mode: 0o601 }, ["world-readable"]],
  ["0602", { mode: 0o602 }, ["other-writable"]],
  ["0660", { mode: 0o660 }, ["group-writable"]],
  ["0662", { mode: 0o662 }, ["other-writable", "group-writable"]],
  ["0650", { mode: 0o650 }, ["executable"]],
  ["0700", { mode: 0o700 }, ["unusual-mode"]],
  ["4600", { mode: 0o4600 }, ["special-bits"]],
  ["1640", { mode: 0o1640 }, ["special-bits"]],
  ["root:www-data 0640", { mode: 0o640, owner: "root", group: "www-data" }, []],
  ["a private group", { mode: 0o640, owner: "svc", group: "svc" }, []],
  ["users 0640", { mode: 0o640, group: "users" }, ["broad-group"]],
  ["gid 100, 0640", { mode: 0o640, group: "100" }, ["broad-group"]],
  ["users 0600 cannot read", { group: "users" }, []],
  ["developers 0640", { mode: 0o640, group: "developers" }, ["foreign-group"]],
  ["foreign owner", { owner: "mallory" }, ["foreign-owner"]],
  ["ACL reader", { mode: 0o640, acl: known(["user:alice:r--", "mask::r--"]) }, ["acl-grant"]],
  ["ACL reader under an empty mask", { acl: known(["user:alice:r--", "mask::---"]) }, []],
  ["ACL for the service", { mode: 0o640, acl: known(["user:svc:r--", "mask::r--"]) }, []],
  ["ACL group without a mask entry", { mode: 0o640, acl: known(["group:ops:rw-"]) }, ["acl-grant"]],
  ["ACL that gives nothing", { mode: 0o640, acl: known(["user:bob:---", "mask::r--"]) }, []],
  [
    "ACL with getfacl's remark",
    { mode: 0o640, acl: known(["user:alice:rwx\t#effective:r--", "mask::r--"]) },
    ["acl-grant"],
  ],
  ["directory 0777", { ancestors: dir(0o777) }, ["ancestor-other-writable"]],
  ["directory 1777", { ancestors: dir(0o1777) }, []],
  ["directory 0775 of the service", { ancestors: dir(0o775, "svc", "svc") }, []],
  [
    "directory 0775 of staff",
    { ancestors: dir(0o775, "root", "staff") },
    ["ancestor-group-writable"],
  ],
  ["no modes at all", { mode: 0o777, hasNoModes: true }, []],
];

for (const [name, rest, rules] of cases) {
  test(`path access: ${name}`, () => {
    const faults = accessFaults(pathAccessOf(rest), TRUSTED);
    assert.deepEqual(
      faults.map(({ rule }) => rule),
      rules,
    );
  });
}

test("path access: a readable file names the directory that shields it", () => {
  const [fault] = accessFaults(pathAccessOf({ mode: 0o644, ancestors: dir(0o700) }), TRUSTED);
  assert.equal(
    fault?.says,
    "has mode 0644: every account can read it, held back only by the directory /srv/app",
  );
});

test("path access: an ACL that cannot be read is open only where the mask bits leave room", () => {
  assert.equal(openAccess(pathAccessOf({ mode: 0o600, acl: MISSING })), undefined);
  assert.equal(openAccess(pathAccessOf({ mode: 0o640, acl: MISSING }))?.code, "tool-missing");
  assert.equal(openAccess(pathAccessOf({ mode: 0o640, acl: absent("no ACL") })), undefined);
  assert.equal(openAccess(pathAccessOf({ hasNoModes: true }))?.code, "unsupported");
});

test("path access: is described as ls and getfacl would", () => {
  const access = pathAccessOf({
    mode: 0o640,
    acl: known(["user:alice:r--"]),
    linkTarget: "/etc/app/env",
  });
  assert.equal(
    describeAccess(access),
    "mode 0640, svc:svc, ACL user:alice:r--, link to /etc/app/env",
  );
});
