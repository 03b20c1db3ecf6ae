import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { type UnitRights, unitRights } from "../../../facts/unit-rights.fact.ts";
import { systemdHardening } from "./hardening.control.ts";
import { hasAccount, type Protection, protectionsOf } from "./unit-score.ts";

/** What the units leave to whoever takes the application over. */
export const systemdHardeningConfig = defineCheck({
  control: systemdHardening,
  layer: "config",
  reads: "Units that run the application, installed or in the tree, drop-ins merged.",
  needs: { units: unitRights },

  evaluate({ units }) {
    const started = units.filter(({ start }) => start !== undefined).filter(isProgram);
    const hidden = units.find(({ problem }) => problem !== undefined)?.problem;
    if (started.length === 0) {
      if (hidden !== undefined) return cannotTell(hidden.problem.code, hidden.problem.detail);
      return notApplicable("No unit runs the application, or only as a container");
    }
    const findings = started.flatMap(findingsOf);
    // A drop-in that cannot be read may take rights away, or give them back.
    if (hidden !== undefined) return cannotTell(hidden.problem.code, hidden.problem.detail);
    const evidence = started.map(({ file, name }) => ({ file, excerpt: name }));
    return judge(
      findings,
      pass("Units of the application give up what they do not need", evidence),
    );
  },
});

/** What a container engine starts has the engine's own walls: compose.* judges those. */
const ENGINES = /^(?:docker|docker-compose|podman|podman-compose|nerdctl|runc|crun)$/;

function isProgram({ program = "" }: UnitRights): boolean {
  return !ENGINES.test(program);
}

/** From this many of the eight on a unit passes (spec/source.md, `systemd.hardening`). */
const ENOUGH = 6;

function findingsOf(unit: UnitRights): readonly Finding[] {
  const protections = protectionsOf(unit);
  const missing = protections.filter(({ isThere }) => !isThere);
  const count = protections.length - missing.length;
  const hasUser = hasAccount(unit);
  if (count >= ENOUGH && hasUser) return [];
  // The account and the place of secrets stand first and last: what is between are directives.
  const isBare = protections.slice(1, -1).every(({ isThere }) => !isThere);
  const state = isBare
    ? "without a single protecting directive"
    : `with ${count} of ${protections.length} protections`;
  return [
    {
      rule: `${hasUser ? "" : "root-"}${isBare ? "bare" : "few"}`,
      status: isBare ? "fail" : "warn",
      subject: unit.name,
      message: `${unit.name} runs ${accountText(unit)} ${state}; missing: ${missing.map(({ name }) => name).join(", ")}`,
      fix: dropIn(unit.name, missing),
      evidence: [evidenceOf(unit)],
    },
  ];
}

function accountText(unit: UnitRights): string {
  if (!hasAccount(unit)) return "as root";
  if (unit.isUserUnit) return "for a user";
  return unit.user === undefined ? "as a dynamic user" : `as ${unit.user.value}`;
}

function evidenceOf({ name, file, user, start }: UnitRights): Evidence {
  const place = user ?? start;
  const excerpt = user === undefined ? `${name} without User=` : `User=${user.value}`;
  return place === undefined ? { file, excerpt } : { file: place.file, line: place.line, excerpt };
}

/** Ready to paste into `systemctl edit`. */
function dropIn(name: string, missing: readonly Protection[]): string {
  const lines = missing.flatMap(({ line }) => line ?? []);
  const edit = /^[\w@.:-]+$/.test(name) && !name.startsWith("-") ? name : "NAME";
  const body = lines.length === 0 ? "" : ` with [Service] and the lines ${lines.join("; ")}`;
  return `Write /etc/systemd/system/${edit}.d/hardening.conf${body}; then systemctl daemon-reload and systemctl restart ${edit}`;
}
