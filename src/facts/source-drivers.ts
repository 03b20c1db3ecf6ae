import { createMachine } from "../parsers/python/interpret.ts";
import type { Project } from "../parsers/python/machine.ts";
import type { ClassDefinition, Expression, Module, Place } from "../parsers/python/syntax.ts";
import type { Value } from "../parsers/python/value.ts";
import { statementsIn } from "../parsers/python/walk.ts";
import type { WebhookDrivers } from "./webhook-drivers.fact.ts";

type Driver = WebhookDrivers["drivers"][number];

/** A class as it is written, before anything is run. */
export interface WrittenClass {
  readonly className: string;
  readonly file: string;
  readonly line: number;
  readonly bases: readonly string[];
  readonly texts: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
  readonly members: ReadonlySet<string>;
  readonly isRegistered: boolean;
}

/** The classes of a file. */
export function classesIn(file: string, module: Module): readonly WrittenClass[] {
  const found: WrittenClass[] = [];
  for (const statement of statementsIn(module.body))
    if (statement.kind === "class") found.push(writtenClass(file, statement));
  return found;
}

function writtenClass(file: string, definition: ClassDefinition & Place): WrittenClass {
  const texts = new Map<string, { text: string; line: number }>();
  const members = new Set<string>();
  for (const statement of definition.body) {
    if (statement.kind === "function") members.add(statement.name);
    if (statement.kind !== "assign" || statement.target.kind !== "name") continue;
    members.add(statement.target.name);
    if (statement.value?.kind === "text")
      texts.set(statement.target.name, { text: statement.value.text, line: statement.line });
  }
  return {
    className: definition.name,
    file,
    line: definition.line,
    bases: definition.bases.map(lastName).filter((name) => name !== ""),
    texts,
    members,
    isRegistered: definition.decorators.some((decorator) => /register/i.test(lastName(decorator))),
  };
}

function lastName(expression: Expression): string {
  if (expression.kind === "name" || expression.kind === "attribute") return expression.name;
  return expression.kind === "call" ? lastName(expression.callee) : "";
}

const BASES_MAX = 8;

function lineage(
  type: WrittenClass,
  byName: ReadonlyMap<string, WrittenClass>,
  depth = 0,
): readonly WrittenClass[] {
  if (depth > BASES_MAX) return [type];
  const bases = type.bases.flatMap((name) => {
    const base = byName.get(name);
    return base === undefined || base === type ? [] : lineage(base, byName, depth + 1);
  });
  return [type, ...bases];
}

/** What an inbound driver has that a notifier has not. */
const INBOUND = ["signature_header", "verify_signature", "parse", "parse_payload", "parse_webhook"];

interface Candidate extends WrittenClass {
  readonly driverName: string;
  readonly signatureHeader: string | undefined;
}

/** The driver classes: those with a base in the project that reads webhooks. */
export function inboundDrivers(classes: readonly WrittenClass[]): readonly Candidate[] {
  const byName = new Map(classes.map((type) => [type.className, type]));
  const isBase = new Set(classes.flatMap(({ bases }) => bases));
  return classes.flatMap((type) => {
    if (isBase.has(type.className) && /^(?:Base|Abstract)|(?:Base|Mixin)$/.test(type.className))
      return [];
    const line = lineage(type, byName);
    const isDriver = line.some(({ className }) =>
      /(?:Driver|Receiver|WebhookHandler)$/.test(className),
    );
    const isInbound = line.some(({ members }) => INBOUND.some((member) => members.has(member)));
    if (!isDriver || !isInbound || isNotifier(line)) return [];
    const header = line
      .map(({ texts }) => texts.get("signature_header")?.text)
      .find((text) => text !== undefined && text !== "");
    const name = type.texts.get("name")?.text ?? driverNameOf(type.className);
    return [{ ...type, driverName: name, signatureHeader: header }];
  });
}

function isNotifier(line: readonly WrittenClass[]): boolean {
  return (
    line.some(({ members }) => members.has("send")) &&
    !line.some(({ members }) => members.has("signature_header"))
  );
}

function driverNameOf(className: string): string {
  return className.replace(/(?:Webhook)?(?:Driver|Receiver|Handler)$/, "").toLowerCase();
}

const REGISTRY = /(?:DRIVERS?|REGISTRY|RECEIVERS|HANDLERS)$/i;

/** Files that hold a list or table of driver classes. */
export function registryIn(module: Module): string | undefined {
  for (const statement of module.body) {
    if (statement.kind !== "assign" || statement.target.kind !== "name") continue;
    const { value } = statement;
    if (
      REGISTRY.test(statement.target.name) &&
      (value?.kind === "dict" || value?.kind === "sequence")
    )
      return statement.target.name;
  }
  return undefined;
}

/** Which drivers are in force, and whether that could be made out. */
export function enabledDrivers(
  project: Project,
  candidates: readonly Candidate[],
  registries: readonly { readonly file: string; readonly name: string }[],
  listed: readonly string[] | "unknown" | undefined,
): Pick<WebhookDrivers, "drivers" | "isResolvable"> {
  const registered = registeredNames(project, candidates, registries);
  const enabled = listed === undefined ? registered : listed;
  const drivers = candidates.map((candidate): Driver => {
    const { driverName, file, line, signatureHeader } = candidate;
    const driver = { name: driverName, file, line, isEnabled: isEnabled(candidate, enabled) };
    return signatureHeader === undefined ? driver : { ...driver, signatureHeader };
  });
  const isResolvable =
    candidates.length === 0 ||
    (enabled !== "unknown" &&
      (enabled !== undefined || candidates.every((each) => each.isRegistered)));
  return { drivers, isResolvable };
}

/** Where the list is not known every driver counts as enabled: that hides nothing. */
function isEnabled(
  { driverName, className, isRegistered }: Candidate,
  enabled: readonly string[] | "unknown" | undefined,
): boolean {
  if (enabled === undefined || enabled === "unknown" || isRegistered) return true;
  return enabled.some(
    (name) => name === driverName || name === className || name.endsWith(`.${className}`),
  );
}

/** Names and class names in the registries after their files have run; `undefined` without any. */
function registeredNames(
  project: Project,
  candidates: readonly Candidate[],
  registries: readonly { readonly file: string; readonly name: string }[],
): readonly string[] | "unknown" | undefined {
  const names: string[] = [];
  let isOpen = false;
  let isFound = false;
  const classNames = new Set(candidates.map(({ className }) => className));
  for (const { file, name } of registries) {
    const value = createMachine(project).load(file)?.bindings.get(name)?.value;
    const found = value === undefined ? undefined : namesOf(value);
    if (found === undefined) isOpen = true;
    else if (found.some((each) => classNames.has(each))) {
      isFound = true;
      names.push(...found);
    }
  }
  if (isFound) return isOpen ? "unknown" : names;
  return isOpen ? "unknown" : undefined;
}

/** Keys and class names of a registry; `undefined` when not all of it is known. */
function namesOf(value: Value): readonly string[] | undefined {
  const values = value.kind === "dict" ? value.entries.map((entry) => entry.value) : undefined;
  const items = value.kind === "list" ? value.items : values;
  if (items === undefined || items.some(({ kind }) => kind === "unknown")) return undefined;
  const classes = items.flatMap((item) => (item.kind === "class" ? [item.name] : []));
  const texts = items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
  return [...classes, ...texts];
}
