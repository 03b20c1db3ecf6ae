import assert from "node:assert/strict";
import { test } from "node:test";
import {
  recordedListeners,
  recordedNet,
  recordedProcessEnvironment,
  recordedProcesses,
} from "./recorded-facts.ts";
import { recordedCommands, recordedMeta } from "./recorded-meta.ts";

test("listeners", () => {
  const text = JSON.stringify([
    { proto: "tcp6", address: "[::]", port: "8000", pid: null },
    { address: "*", port: 80, pid: 3, command: "nginx", user: "root" },
    { proto: "unix", address: "/run/a.sock" },
  ]);
  assert.deepEqual(recordedListeners(text, "listeners.json"), [
    { proto: "tcp", address: "::", port: 8000 },
    { proto: "tcp", address: "*", port: 80, pid: 3, command: "nginx", user: "root" },
    { proto: "unix", address: "/run/a.sock", port: 0 },
  ]);
  assert.deepEqual(recordedListeners("[]", "listeners.json"), []);
});

test("processes: commands are masked, a name is made from the command", () => {
  const text = JSON.stringify([
    { pid: 20, command: "nginx: master process /usr/sbin/nginx", user: "root" },
  ]);
  assert.deepEqual(
    recordedProcesses(text, "processes.json", (command) => command.toUpperCase()),
    [{ pid: 20, name: "nginx", command: "NGINX: MASTER PROCESS /USR/SBIN/NGINX", user: "root" }],
  );
});

test("environment: the place is the file's own name", () => {
  assert.deepEqual(recordedProcessEnvironment('{"A":"1","B":2,"C":""}', "/x/process-env.json"), {
    where: "process-env.json",
    variables: [
      ["A", "1"],
      ["B", "2"],
      ["C", ""],
    ],
  });
});

const NETS: readonly (readonly [object, string, string])[] = [
  [{ hub: { connect: "ok" } }, "open", "not-recorded"],
  [{ hub: { connect: "refused" } }, "ECONNREFUSED", "unreachable"],
  [{ hub: { connect: "timeout" } }, "ETIMEDOUT", "unreachable"],
  [{ hub: { connect: "dns" } }, "ENOTFOUND", "unreachable"],
  [
    { hub: { connect: "ok", tls: { verified: true, names: ["h"], daysLeft: 60 } } },
    "open",
    "true 60",
  ],
  [
    { hub: { connect: "ok", tls: { verified: false, error: "X", names: [], daysLeft: -3 } } },
    "open",
    "false -3 X",
  ],
  [{ hub: { connect: "ok", tls: { error: "ECONNRESET" } } }, "open", "unreachable"],
  [{ hub: { connect: "ok", tls: { verified: true } } }, "open", "not-recorded"],
  [
    { hub: { connect: "ok", tls: { verified: false, error: "CERT_HAS_EXPIRED" } } },
    "open",
    "false CERT_HAS_EXPIRED",
  ],
  [{ hub: { tls: { verified: true, daysLeft: 60 } } }, "not-recorded", "true 60"],
  [{}, "not-recorded", "not-recorded"],
];
for (const [net, connected, certified] of NETS) {
  test(`net ${JSON.stringify(net)}`, () => {
    const { connection, certificate } = recordedNet(JSON.stringify(net), "/x/net.json");
    const of = (reading: typeof connection | typeof certificate) =>
      reading.state === "unknown" ? reading.problem.code : reading;
    const open = of(connection);
    const known = of(certificate);
    assert.equal(
      typeof open === "object" && open.state === "known" && "isOpen" in open.value
        ? (open.value.error ?? (open.value.isOpen ? "open" : "closed"))
        : open,
      connected,
    );
    assert.equal(
      typeof known === "object" && known.state === "known" && "verified" in known.value
        ? [known.value.verified, known.value.daysLeft, known.value.error]
            .filter((each) => each !== undefined)
            .join(" ")
        : known,
      certified,
    );
  });
}

const READERS = {
  "listeners.json": recordedListeners,
  "processes.json": (text: string, file: string) => recordedProcesses(text, file, (line) => line),
  "process-env.json": recordedProcessEnvironment,
  "net.json": recordedNet,
  "meta.json": recordedMeta,
  "commands.json": recordedCommands,
};
const MALFORMED: readonly (readonly [keyof typeof READERS, string])[] = [
  ["listeners.json", "{"],
  ["listeners.json", "{}"],
  ["listeners.json", "[1]"],
  ["listeners.json", '[{"address":"::","port":70000}]'],
  ["listeners.json", '[{"address":"::"}]'],
  ["listeners.json", '[{"port":1}]'],
  ["listeners.json", '[{"proto":"constructor","address":"::","port":1}]'],
  ["processes.json", '[{"command":"x"}]'],
  ["process-env.json", '["A=1"]'],
  ["process-env.json", '{"A":null}'],
  ["net.json", '{"hub":{"connect":"maybe"}}'],
  ["net.json", '{"hub":{"connect":"toString"}}'],
  ["net.json", '{"hub":{"connect":"ok","tls":{"verified":"yes"}}}'],
  ["meta.json", '{"files":{"a":{"mode":"rw"}}}'],
  ["meta.json", '{"files":[]}'],
  ["meta.json", "null"],
  ["commands.json", '{"x":{"available":"yes"}}'],
  ["commands.json", "[]"],
];
for (const [file, text] of MALFORMED) {
  test(`${file} with ${text}`, () => {
    assert.throws(() => READERS[file](text, `/rec/${file}`), {
      name: "HostError",
      code: "malformed",
      message: new RegExp(`^/rec/${file}: `),
    });
  });
}

test("a secret in a malformed file is not quoted", () => {
  assert.throws(
    () => recordedProcessEnvironment('{"A": hunter2}', "process-env.json"),
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("meta: modes in every octal spelling, paths made plain", () => {
  const { files } = recordedMeta(
    '{"files":{"./a//b":{"mode":"640"},"c":{"mode":"0o4755"}}}',
    "meta.json",
  );
  assert.equal(files.get("a/b")?.mode, 0o640);
  assert.equal(files.get("c")?.mode, 0o4755);
});
