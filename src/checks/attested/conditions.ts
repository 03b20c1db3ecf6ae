import type { OpenNeeds, Readings } from "../../core/fact.ts";
import { answeredPages, type HttpSite } from "../../core/http-site.ts";
import { knownValue } from "../../core/reading.ts";
import { application } from "../../facts/application.fact.ts";
import { auditOptions } from "../../facts/audit-options.fact.ts";
import { databases } from "../../facts/databases.fact.ts";
import { environment, stageOf } from "../../facts/environment.fact.ts";
import { httpSite } from "../../facts/http-site.fact.ts";
import { listeners } from "../../facts/listeners.fact.ts";
import { release } from "../../facts/release.fact.ts";
import { settingsOf, sourceSettings } from "../../facts/source-settings.fact.ts";
import { reachOf } from "../route/address.ts";

/** Whether a control that is attested applies at all (the catalog's `when`). */
export interface Condition<W extends OpenNeeds = OpenNeeds> {
  readonly wants: W;
  /** Why it does not apply, by what was read; `undefined` where it does or cannot be told (catalog G7). */
  whyNot(readings: Readings<W>): string | undefined;
  /**
   * It is about what this audit was asked to look at, not about the deployment: an attestation counts all the same,
   * and only without one the control does not apply.
   */
  readonly isOfAudit?: true;
}

function condition<const W extends OpenNeeds>(given: Condition<W>): Condition<W> {
  return given;
}

export const PRODUCTION = condition({
  wants: { environment },
  whyNot({ environment: reading }) {
    const stage = reading.state === "known" ? stageOf(reading.value) : undefined;
    return stage?.isDev === true ? `The stage is ${stage.name}, not production` : undefined;
  },
});

export const APPLICATION = condition({
  wants: { application },
  whyNot({ application: reading }) {
    const app = knownValue(reading);
    const isNone = app !== undefined && app.frameworks.length === 0 && app.problems.length === 0;
    return isNone ? "No application was found" : undefined;
  },
});

export const DATABASE = condition({
  wants: { environment, databases },
  whyNot({ environment: env, databases: found }) {
    const hidden = knownValue(env)?.unreadable ?? [undefined];
    const isNone = knownValue(found)?.length === 0 && hidden.length === 0;
    return isNone ? "The environment names no database" : undefined;
  },
});

/** As csrf.enabled: sessions in source, or a form that posts on a fetched page. */
export const CSRF = condition({
  wants: { source: sourceSettings, sites: httpSite },
  whyNot({ source, sites }) {
    const rows = source.state === "known" ? settingsOf(source.value, "csrf.enabled") : undefined;
    if (rows === undefined || rows.length > 0) return undefined;
    if (source.state === "known" && source.value.problems.length > 0) return undefined;
    if (sites.state === "unknown") return undefined;
    return (knownValue(sites) ?? []).some(hasPostingForm)
      ? undefined
      : "Neither source nor a fetched page has a session that a forged request could use";
  },
});

function hasPostingForm(site: HttpSite): boolean {
  const pages = answeredPages(site).flatMap(({ body }) => body.page ?? []);
  return pages.some(({ forms }) => forms.some(({ method }) => method === "post"));
}

/** A release is known. */
export const RELEASE = condition({
  wants: { release },
  whyNot({ release: reading }) {
    return reading.state === "absent"
      ? "No release is known (no commit is checked out, no --release)"
      : undefined;
  },
});

/** An audit of this machine, or of a record of one. */
export const MACHINE = condition({
  wants: { options: auditOptions },
  whyNot({ options }) {
    return knownValue(options)?.isMachineRead === false
      ? "Nothing but the directory is looked at (--no-host)"
      : undefined;
  },
  isOfAudit: true,
});

const SSH_PORT = 22;

export const SSH = condition({
  wants: { options: auditOptions, listeners },
  whyNot(readings) {
    const outside = MACHINE.whyNot(readings);
    if (outside !== undefined) return outside;
    const sockets = knownValue(readings.listeners)?.filter(({ proto }) => proto === "tcp");
    const isSsh = sockets?.some(
      ({ address, port, command = "" }) =>
        (port === SSH_PORT || /(?:^|\/)sshd\b/.test(command)) && reachOf(address) !== "loopback",
    );
    return isSsh === false ? "No sshd listens beyond this machine" : undefined;
  },
});

export const LIVE = condition({
  wants: { options: auditOptions },
  whyNot({ options }) {
    return knownValue(options)?.hosts?.length === 0
      ? "No live target is audited (--url)"
      : undefined;
  },
  isOfAudit: true,
});

/** A target that the Internet can reach; a name may be one. */
export const PUBLIC = condition({
  wants: { options: auditOptions },
  whyNot(readings) {
    const hosts = knownValue(readings.options)?.hosts;
    if (hosts === undefined) return undefined;
    const isPublic = hosts.some((host) => ["public", "name"].includes(reachOf(host)));
    const outside = LIVE.whyNot(readings);
    return outside ?? (isPublic ? undefined : "No audited address is a public one");
  },
  isOfAudit: true,
});

/** What an audit only tries when it is told to: until then it is for a person to say. */
function asked(what: string): Condition<Record<never, never>> {
  return { wants: {}, whyNot: () => what, isOfAudit: true };
}

export const ACTIVE = asked("Nothing is sent to try it out, and nobody attests it");
export const ROUTES = asked("No protected routes are declared, and nobody attests it");
export const LOGIN = asked("No login for a test user is given, and nobody attests it");
export const GATE = asked("No gate asks for a confirmation, and nobody attests one");
/** Another layer answers the control; an attestation may stand in for it. */
export const STAND_IN = asked("Nobody attests it; it is judged by its other layers");
