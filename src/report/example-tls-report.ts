import type { ControlResult, Report } from "../core/report.ts";

/** A report of `plimsoll tls` with these controls, for tests; its clock stands at 2026-11-23. */
export function tlsTextReport(controls: readonly ControlResult[], exitCode: number): Report {
  const count = (status: string) => controls.filter((one) => one.status === status).length;
  return {
    schema: "plimsoll.report/1",
    tool: { name: "plimsoll", version: "0" },
    target: { urls: [] },
    mode: { label: "unknown", roles: [], decidedBy: "only a server was named" },
    startedAt: "2026-11-23T00:00:00.000Z",
    durationMs: 1,
    summary: {
      pass: count("pass"),
      warn: count("warn"),
      fail: count("fail"),
      skip: count("skip"),
      unknown: count("unknown"),
      waived: 0,
    },
    exitCode,
    controls,
    grades: [],
    problems: [],
  };
}
