import { defineFact } from "../core/fact.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { resolveFrom } from "./target-path.ts";

/** What the file `VERSION` of the deployment says it is. */
export interface VersionFile {
  /** Relative to the audited directory. */
  readonly file: string;
  /** `1.4.2`: its first line, a leading `v` left out. */
  readonly version: string;
}

const NAMES = ["VERSION", "VERSION.txt"];
export const VERSION_BYTES_MAX = 1_024;
const VERSION = /^v?(\d+(?:\.\d+)+[\w.+-]*)\s*$/;

/** Absent without such a file, and where it holds no number of a version. */
export const versionFile = defineFact({
  id: "version-file",
  title: "Version of the deployment",
  access: "read",
  timeoutMs: 1_000,
  async collect({ host, target }): Promise<Reading<VersionFile>> {
    for (const file of NAMES) {
      const path = resolveFrom(target.directory, file);
      const text = await attempt(() => host.readFile(path, VERSION_BYTES_MAX));
      if (text.state === "unknown") return text;
      if (text.state === "absent") continue;
      const version = VERSION.exec(text.value.split("\n")[0] ?? "")?.[1];
      if (version !== undefined) return known({ file, version });
    }
    return absent("no file VERSION");
  },
});
