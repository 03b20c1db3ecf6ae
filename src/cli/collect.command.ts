import { EXIT } from "../core/report.ts";
import { jsonText } from "../report/json.report.ts";
import { AUDIT_OPTIONS, OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command } from "./command.ts";
import { HTTP_OPTIONS } from "./http-options.ts";
import { VERSION } from "./version.ts";

export const collectCommand: Command = {
  name: "collect",
  summary:
    "Gathers the facts of DIR and prints them as JSON, to be judged later or elsewhere. Holds no secret.",
  positionals: "[DIR]",
  positionalsMax: 1,
  options: { ...AUDIT_OPTIONS, ...HTTP_OPTIONS, quiet: OUTPUT_OPTIONS.quiet },
  examples: ["plimsoll collect /srv/monitor > facts.json && plimsoll judge facts.json"],
  async run({ options, positionals, io }) {
    const [{ withoutCredentials }, { createGatherer }, { planFacts }, { FACTS_SCHEMA }, sessions] =
      await Promise.all([
        import("../audit/audit.ts"),
        import("../audit/gather.ts"),
        import("../audit/plan.ts"),
        import("./facts-file.ts"),
        import("./session.ts"),
      ]);
    const session = await sessions.openSession({
      options,
      io,
      directory: positionals[0],
      isCompat: false,
    });
    try {
      const gatherer = createGatherer(session);
      const open = planFacts(session.selection.selected).filter(({ fact }) => !fact.sealed);
      const readings = await Promise.all(
        open.map(async ({ fact }) => [fact.id, await gatherer.read(fact)] as const),
      );
      const { target, nowMs, signal } = session.context;
      io.stdout(
        `${jsonText({
          schema: FACTS_SCHEMA,
          tool: { name: "plimsoll", version: VERSION },
          target: { directory: target.directory, urls: target.urls.map(withoutCredentials) },
          collectedAt: new Date(nowMs).toISOString(),
          facts: Object.fromEntries(readings),
        })}\n`,
      );
      return signal.aborted ? EXIT.incomplete : EXIT.ok;
    } finally {
      session.close();
    }
  },
};
