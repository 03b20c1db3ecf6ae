import { ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyWorkerRlimit } from "./worker-rlimit.control.ts";

/** A proxied request holds a connection to the client and one to the application. */
const FILES_PER_CONNECTION = 2;

export const workerRlimit: NginxRule = {
  slug: "worker-rlimit",
  status: "note",
  isPedantic: true,
  find({ main }) {
    const limit = ownDirectives(main, "worker_rlimit_nofile").at(-1);
    const connections = ownDirectives(main, "events").flatMap((events) =>
      ownDirectives([events], "worker_connections"),
    );
    return connections.flatMap((at): readonly NginxHit[] => {
      const needed = FILES_PER_CONNECTION * Number(at.args[0]?.text);
      const allowed = limit === undefined ? undefined : Number(limit.args[0]?.text);
      if (allowed !== undefined && allowed >= needed) return [];
      return [
        {
          at,
          also: limit === undefined ? [] : [limit],
          servers: [],
          message:
            allowed === undefined
              ? "worker_rlimit_nofile is not set: the system's limit on open files counts"
              : `worker_rlimit_nofile is ${allowed}, fewer than the ${needed} that ${at.args[0]?.text} connections need`,
          fix: `Write at the top: worker_rlimit_nofile ${needed};`,
        },
      ];
    });
  },
};

export const proxyWorkerRlimitProxy = proxyCheck({
  control: proxyWorkerRlimit,
  reads: "worker_rlimit_nofile and worker_connections of nginx.",
  nginx: [workerRlimit],
  passes: "Judged under --pedantic",
});
