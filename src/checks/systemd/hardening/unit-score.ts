import type { UnitRights } from "../../../facts/unit-rights.fact.ts";
import { isRootAccount } from "../../deploy-rules/image-account.ts";

/** One thing a hardened unit has, and how it is written. */
export interface Protection {
  readonly name: string;
  readonly isThere: boolean;
  /** The line of a drop-in that gives it; absent where a line cannot. */
  readonly line?: string;
}

/** Directives that DynamicUser= implies (systemd.exec(5), "DynamicUser="). */
const IMPLIED: ReadonlyMap<string, string> = new Map([
  ["NoNewPrivileges", "yes"],
  ["ProtectSystem", "strict"],
  ["ProtectHome", "read-only"],
  ["PrivateTmp", "yes"],
]);

/** Reading further than the owner's group is not masked out. */
const OTHERS_BITS = 0o027;

/** The eight things that are counted, in the order in which a drop-in names them. */
export function protectionsOf(unit: UnitRights): readonly Protection[] {
  const value = (key: string): string => {
    const given = unit.directives.find((each) => each.key === key)?.value;
    return (given ?? (unit.isDynamicUser ? IMPLIED.get(key) : undefined) ?? "").toLowerCase();
  };
  const isOn = (key: string): boolean => !/^(?:|0|no|false|off)$/.test(value(key));
  const umask = Number.parseInt(value("UMask") || "0022", 8);
  return [
    { name: "User", isThere: hasAccount(unit), line: `User=${accountName(unit.name)}` },
    flag("NoNewPrivileges", isOn("NoNewPrivileges"), "true"),
    flag("ProtectSystem", isOn("ProtectSystem"), "full"),
    flag("ProtectHome", isOn("ProtectHome"), "true"),
    flag("PrivateTmp", isOn("PrivateTmp"), "true"),
    flag("CapabilityBoundingSet", isBounded(unit), ""),
    flag("UMask", (umask & OTHERS_BITS) === OTHERS_BITS, "0027"),
    { name: "secrets outside Environment=", isThere: unit.secrets.length === 0 },
  ];
}

function flag(name: string, isThere: boolean, value: string): Protection {
  return { name, isThere, line: `${name}=${value}` };
}

/** Any account but root. */
export function hasAccount({ user, isDynamicUser, isUserUnit }: UnitRights): boolean {
  return isDynamicUser || isUserUnit || (user !== undefined && !isRootAccount(user.value));
}

/** Given, and not as `~`, which takes nothing away. */
function isBounded({ directives }: UnitRights): boolean {
  const given = directives.find(({ key }) => key === "CapabilityBoundingSet");
  return (
    given !== undefined &&
    given.value !== "~" &&
    !/\bCAP_SYS_ADMIN\b/.test(withoutTilde(given.value))
  );
}

/** `~CAP_SYS_ADMIN` takes it away. */
function withoutTilde(value: string): string {
  return value.startsWith("~") ? "" : value;
}

/** An account named as the unit: `monitor` of `monitor@1.service`. */
export function accountName(unit: string): string {
  return unit.replace(/(?:@[^@]*)?\.service$/, "").replaceAll(/[^\w-]/g, "-") || "app";
}
