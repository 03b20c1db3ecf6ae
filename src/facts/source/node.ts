import type { SourceSetting } from "../source-settings.fact.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** Express, Koa, Fastify and Next.js: what their source sets up. */
export const nodeReader: SourceReader = {
  frameworks: "any",
  async read(context: SourceContext): Promise<readonly SourceSetting[]> {
    if (!context.sources.paths.some((path) => SCRIPT.test(path))) return [];
    // The JavaScript parser is large and most deployments have no such file: loaded with the first.
    const { readNode } = await import("./node/read-node.ts");
    return readNode(context);
  },
};
