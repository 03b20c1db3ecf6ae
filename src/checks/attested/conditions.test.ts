import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleAnswer, exampleBody, exampleSite } from "../../core/http-site-example.ts";
import { absent, known, type Reading, unknown } from "../../core/reading.ts";
import {
  ACTIVE,
  APPLICATION,
  type Condition,
  CSRF,
  DATABASE,
  LIVE,
  MACHINE,
  PRODUCTION,
  PUBLIC,
  RELEASE,
  SSH,
} from "./conditions.ts";

type Given = Readonly<Record<string, Reading<unknown>>>;

const env = (variables: object, unreadable: readonly unknown[] = []) =>
  known({ variables, unreadable, isProcessSeen: false });
const stage = (text: string) =>
  env({ DJANGO_ENV: [{ key: "DJANGO_ENV", text, isEmpty: false, shown: text }] });
const options = (hosts: readonly string[], isMachineRead = true) =>
  known({ isPedantic: false, hosts, isMachineRead });
const app = (frameworks: readonly unknown[], problems: readonly unknown[] = []) =>
  known({ frameworks, problems });
const source = (properties: readonly string[], problems: readonly unknown[] = []) =>
  known({ settings: properties.map((property) => ({ property })), problems });
const sockets = (
  ...rows: readonly (readonly [address: string, port: number, command?: string])[]
) => known(rows.map(([address, port, command]) => ({ proto: "tcp", address, port, command })));

const CLOSED = unknown("denied", "may not look");
const NO_SITE = absent("no URL");
const FORM = known([
  exampleSite([], {
    extra: {
      external: [],
      paths: [
        {
          url: "https://www.example.com/f",
          why: "linked" as const,
          answer: exampleAnswer("https://www.example.com/f", [], {
            body: exampleBody({ forms: [{ method: "post", action: "", inputs: [] }] as never }),
          }),
        },
      ],
    },
  }),
]);

// biome-ignore lint/suspicious/noExplicitAny: a condition is invariant in what it wants.
type AnyCondition = Condition<any>;

const CASES: readonly [name: string, condition: AnyCondition, given: Given, applies: boolean][] = [
  ["production", PRODUCTION, { environment: stage("production") }, true],
  ["nothing set", PRODUCTION, { environment: env({}) }, true],
  ["development", PRODUCTION, { environment: stage("Development") }, false],
  ["an environment nobody may read", PRODUCTION, { environment: CLOSED }, true],
  ["an application", APPLICATION, { application: app(["django"]) }, true],
  ["none", APPLICATION, { application: app([]) }, false],
  ["none, with files unread", APPLICATION, { application: app([], ["x.py"]) }, true],
  ["a database", DATABASE, { environment: env({}), databases: known([{}]) }, true],
  ["no database", DATABASE, { environment: env({}), databases: known([]) }, false],
  ["a file unread", DATABASE, { environment: env({}, ["x"]), databases: known([]) }, true],
  ["databases unread", DATABASE, { environment: CLOSED, databases: CLOSED }, true],
  ["sessions in source", CSRF, { source: source(["csrf.enabled"]), sites: NO_SITE }, true],
  ["no session", CSRF, { source: source(["debug"]), sites: NO_SITE }, false],
  ["no session, a form", CSRF, { source: source([]), sites: FORM }, true],
  ["no session, no form", CSRF, { source: source([]), sites: known([exampleSite()]) }, false],
  ["source unread", CSRF, { source: CLOSED, sites: NO_SITE }, true],
  ["source in part", CSRF, { source: source([], ["x.py"]), sites: NO_SITE }, true],
  ["the site unread", CSRF, { source: source([]), sites: CLOSED }, true],
  ["the machine", MACHINE, { options: options([]) }, true],
  ["the directory alone", MACHINE, { options: options([], false) }, false],
  ["an older record", MACHINE, { options: known({ isPedantic: false }) }, true],
  ["sshd for all", SSH, { options: options([]), listeners: sockets(["0.0.0.0", 22]) }, true],
  [
    "sshd elsewhere",
    SSH,
    { options: options([]), listeners: sockets(["::", 2222, "/usr/sbin/sshd"]) },
    true,
  ],
  [
    "sshd for this machine",
    SSH,
    { options: options([]), listeners: sockets(["127.0.0.1", 22]) },
    false,
  ],
  ["no sshd", SSH, { options: options([]), listeners: sockets(["0.0.0.0", 80]) }, false],
  ["sockets unread", SSH, { options: options([]), listeners: CLOSED }, true],
  ["a target", LIVE, { options: options(["10.0.0.1"]) }, true],
  ["no target", LIVE, { options: options([]) }, false],
  ["an older record", LIVE, { options: known({ isPedantic: false }) }, true],
  ["a name", PUBLIC, { options: options(["shop.example.org"]) }, true],
  ["a public address", PUBLIC, { options: options(["192.0.43.8"]) }, true],
  ["a private address", PUBLIC, { options: options(["10.0.0.1", "localhost"]) }, false],
  ["no target", PUBLIC, { options: options([]) }, false],
  ["a commit", RELEASE, { release: known({ id: "v1", from: "--release" }) }, true],
  ["no commit", RELEASE, { release: absent("no .git") }, false],
  ["a repository nobody may read", RELEASE, { release: CLOSED }, true],
  ["nothing sent", ACTIVE, {}, false],
];

for (const [at, [name, condition, given, applies]] of CASES.entries()) {
  test(`condition ${at}, ${Object.keys(condition.wants).join("+")}: ${name} ${applies ? "applies" : "does not apply"}`, () => {
    assert.deepEqual(Object.keys(given).sort(), Object.keys(condition.wants).sort());
    assert.equal(condition.whyNot(given) === undefined, applies);
  });
}
