import type { Edit, Evidence, Finding } from "../../core/check.ts";
import { directiveText, type NginxDirective } from "../../parsers/nginx/parse.ts";
import { isMadeUp, type NginxServer } from "../../parsers/nginx/server.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { type NginxModel, namesOfServers, positionOf } from "./model.ts";

/**
 * One rule of nginx configuration. Pure: same model, same hits. Of several hits on one directive one
 * finding is made, with the names of all servers concerned.
 */
export interface NginxRule {
  /** Kebab-case, as the catalogue of rules has it: `alias-traversal`. */
  readonly slug: string;
  /** What a finding is worth: high fails, medium warns, low and info are notes. */
  readonly status: Finding["status"];
  /** A matter of taste or speed: judged only under `--pedantic`. */
  readonly isPedantic?: true;
  /** What is known of the machine besides is there where a check asks; most rules need the model alone. */
  find(model: NginxModel, wanted?: ProxyWanted): readonly NginxHit[];
}

/** One place where a rule fires. */
export interface NginxHit {
  /** The directive at fault; for something that is missing, the block that lacks it. */
  readonly at: NginxDirective;
  /** The servers it concerns; none: all of the configuration. */
  readonly servers: readonly NginxServer[];
  /** What is, one sentence without a full stop; names of servers are added. */
  readonly message: string;
  /** Imperative, ready to paste. */
  readonly fix: string;
  /** Further places that make it so: the `root` behind the location, the block that wins. */
  readonly also?: readonly NginxDirective[];
  readonly edits?: readonly [Edit, ...Edit[]];
  /** In place of the rule's own. */
  readonly status?: Finding["status"];
  /** What it is about where one directive may be hit for several reasons: a header's name. */
  readonly subject?: string;
}

const ALSO_MAX = 8;
const NAMES_SHOWN_MAX = 5;
/** As long as DNS lets a name be (RFC 1035, 2.3.4). */
const NAME_CHARACTERS_MAX = 255;

/** One finding for each directive (and subject) hit. */
export function findingsOf(rule: NginxRule, hits: readonly NginxHit[]): readonly Finding[] {
  const groups = Map.groupBy(
    hits,
    ({ at, subject = "" }) => `${at.file} ${at.line} ${at.column} ${subject}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [findingOf(rule, first, group)];
  });
}

function findingOf(rule: NginxRule, first: NginxHit, group: readonly NginxHit[]): Finding {
  const names = namesOfServers(group.flatMap(({ servers }) => servers));
  const also = new Set(group.flatMap((hit) => hit.also ?? []));
  const { message, fix } = first;
  const edits = editsOf(group);
  const subject = first.subject ?? names.join(" ");
  return {
    rule: rule.slug,
    status: worstOf(group.map(({ status }) => status ?? rule.status)),
    ...(subject !== "" && { subject }),
    message: names.length === 0 ? message : `${message} (${shownNames(names)})`,
    fix,
    evidence: [
      evidenceOf(first.at),
      ...[...also]
        .filter((one) => one !== first.at)
        .slice(0, ALSO_MAX)
        .map(evidenceOf),
    ],
    ...(edits !== undefined && { edits }),
  };
}

const WORST_FIRST = ["fail", "warn", "note"] as const;

function worstOf(statuses: readonly Finding["status"][]): Finding["status"] {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? "note";
}

/** Of all hits together: one left without would leave the finding as it is. */
function editsOf(group: readonly NginxHit[]): Finding["edits"] {
  if (group.some(({ edits }) => edits === undefined)) return undefined;
  const distinct = new Map(
    group.flatMap(({ edits = [] }) => edits).map((edit) => [JSON.stringify(edit), edit]),
  );
  const [one, ...others] = distinct.values();
  return one === undefined ? undefined : [one, ...others];
}

function shownNames(names: readonly string[]): string {
  const shown = names
    .slice(0, NAMES_SHOWN_MAX)
    .map((name) => name.slice(0, NAME_CHARACTERS_MAX))
    .join(", ");
  const more = names.length - NAMES_SHOWN_MAX;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const EXCERPT_CHARACTERS_MAX = 200;

/** The directive, without its block. */
export function evidenceOf(directive: NginxDirective): Evidence {
  return {
    ...positionOf(directive),
    excerpt: directiveText(directive).slice(0, EXCERPT_CHARACTERS_MAX),
  };
}

/** Puts `text` in the place of a directive; an empty text takes it away. */
export function replaceEdit(at: NginxDirective, text: string): readonly [Edit] {
  return [{ ...positionOf(at), action: "replace", text }];
}

/** Adds `text` as the first thing in a block; where the block stands in no file, before what is first in it. */
export function insertInEdit(block: NginxDirective, text: string): readonly [Edit] {
  const first = isMadeUp(block) ? block.block?.find(({ file }) => file === block.file) : undefined;
  if (first !== undefined) return [{ ...positionOf(first), action: "insert-before", text }];
  return [{ ...positionOf(block), action: "insert-in", text }];
}

/** Adds `text` behind a directive. */
export function insertAfterEdit(at: NginxDirective, text: string): readonly [Edit] {
  return [{ ...positionOf(at), action: "insert-after", text }];
}
