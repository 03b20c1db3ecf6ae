import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";

import {
  atOnce,
  auditRecorded,
  type Content,
  deploy,
  FAULTY,
  type Files,
  fifo,
  linkTo,
  loop,
} from "./hostile-deployments.ts";
import { createScratch, type Ended, type ReportJson } from "./plimsoll.ts";

const scratch = createScratch();
after(() => scratch.remove());

/** What happens to a file that was sound; `undefined` where it may not be read. */
const DAMAGES: Readonly<Record<string, ((sound: string) => Content) | undefined>> = {
  denied: undefined,
  "8 MB": (sound) => sound + "#".repeat(8_000_000),
  binary: () =>
    Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919 + index ** 2) % 256),
  "UTF-16": (sound) => Buffer.from(`\ufeff${sound}`, "utf16le"),
  "does not parse": (sound) => `${sound}\n}}}{{{((([[[ "'\n`,
  "a link to itself": () => loop,
  "a link to nowhere": () => linkTo("nowhere"),
  "a FIFO": () => fifo,
};

interface Victim {
  readonly of: keyof typeof FAULTY;
  readonly file: string;
  /** Controls that can then not be told. */
  readonly hides: readonly string[];
  /** Damages that still leave an answer; a false one is not allowed of them either. */
  readonly except?: readonly string[];
  readonly isEnvFile?: true;
}

const LINES = "does not parse"; // What else stands in the file is read, and may show the fault.
const NOWHERE = "a link to nowhere"; // For an env file that is no file (catalog env.file-permissions).
const VICTIMS: readonly Victim[] = [
  {
    of: "settings",
    file: "config/settings.py",
    hides: ["env.debug", "env.secret-key", "hosts.allowed", "env.secret-in-vcs"],
    except: ["a FIFO"],
  },
  { of: "settings", file: "config/base.py", hides: ["env.debug"] },
  {
    of: "settings",
    file: ".env",
    hides: ["env.debug", "env.stage", "mode.declared", "agent.hub-https"],
    except: [LINES],
    isEnvFile: true,
  },
  {
    of: "compose",
    file: "docker-compose.yml",
    hides: ["env.debug", "env.secret-key", "agent.hub-https", "mode.declared"],
  },
  {
    of: "compose",
    file: "deploy/prod.env",
    hides: ["env.secret-key", "agent.hub-https", "mode.declared"],
    except: [LINES],
    isEnvFile: true,
  },
  {
    of: "unit",
    file: "monitor.service",
    hides: ["env.debug", "env.secret-key", "hosts.allowed", "hub.cluster-secret"],
    except: [LINES],
  },
  {
    of: "unit",
    file: "etc/app.env",
    hides: ["env.secret-key", "hosts.allowed"],
    except: [LINES],
    isEnvFile: true,
  },
  { of: "flask", file: "app.py", hides: ["env.debug"], except: [LINES] },
  { of: "flask", file: "conf.py", hides: ["env.debug"], except: [LINES] },
  { of: "fastapi", file: "main.py", hides: ["env.debug"], except: [LINES] },
  {
    of: "hub",
    file: "conf.d/app.conf",
    hides: ["hub.https-termination", "hub.reverse-proxy"],
  },
];

/** Controls that were answered with a fault, or not at all, and pass now: each is a false pass. */
function falsePasses(before: ReportJson, now: ReportJson): readonly string[] {
  const sound = new Set(
    before.controls.flatMap(({ id, status }) =>
      status === "pass" || status === "skip" ? [id] : [],
    ),
  );
  return now.controls
    .filter(({ id, status }) => status === "pass" && !sound.has(id))
    .map(({ id, summary }) => `${id}: ${summary}`);
}

/** What is wrong with a report over a damaged file; `isHidden`: what depends on the file is to be unknown. */
function faultsOf(before: ReportJson, now: ReportJson & Ended, victim: Victim, isHidden: boolean) {
  const { file, hides } = victim;
  const name = file.slice(file.lastIndexOf("/") + 1);
  const told = now.controls.filter(({ id }) => isHidden && hides.includes(id));
  return [
    ...(now.stderr === "" ? [] : [`stderr: ${now.stderr}`]),
    ...(now.exit === 1 || now.exit === 2 ? [] : [`exit ${now.exit}`]),
    ...(now.controls.length === before.controls.length ? [] : ["an answer was lost"]),
    ...falsePasses(before, now),
    ...told
      .filter(({ status, summary }) => status !== "unknown" || !summary.includes(name))
      .map(({ id, status, summary }) => `${id} is ${status}: ${summary}`),
  ];
}

for (const victim of VICTIMS) {
  const { of, file, except = [], isEnvFile = false } = victim;
  test(`${of}: ${file} damaged is not known, never sound`, async () => {
    const files: Files = FAULTY[of];
    const sound = files[file];
    assert.ok(typeof sound === "string");
    const before = await auditRecorded(deploy(join(scratch.directory, "sound"), files));
    const wrong: string[] = [];
    const damages = Object.entries(DAMAGES).filter(([name]) => !(isEnvFile && name === NOWHERE));
    await atOnce(damages, async ([name, damage], worker) => {
      const damaged = damage === undefined ? files : { ...files, [file]: damage(sound) };
      const closed = damage === undefined ? [file] : [];
      const place = deploy(join(scratch.directory, `worker-${worker}`), damaged, { closed });
      const faults = faultsOf(before, await auditRecorded(place), victim, !except.includes(name));
      wrong.push(...faults.map((fault) => `${name}: ${fault}`));
    });
    assert.deepEqual(wrong, []);
  });
}
