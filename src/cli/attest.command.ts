import { AUDIT_OPTIONS, clockMs } from "./audit-options.ts";
import { type Command, nearest, type Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";

const { now, release } = AUDIT_OPTIONS;

/** What the first word may be beside an item; no item has such a name. */
const VERBS = ["key", "items", "list", "verify"] as const;

/** One call, as the parts of the command take it. */
export interface AttestCall {
  readonly options: Options;
  readonly io: CliIo;
  /** As written; the working directory when left out. */
  readonly place: string | undefined;
  readonly nowMs: number;
}

export const attestCommand: Command = {
  name: "attest",
  summary:
    "Signs what only a person can know of a deployment, with evidence and an expiry; lists and verifies it.",
  positionals: "ITEM|key|items|list|verify [DIR|FILE]",
  positionalsMax: 2,
  options: {
    evidence: {
      type: "string",
      multiple: true,
      value: "FILE|URL",
      help: "the document it rests on; a file goes in by its SHA-256 (repeatable)",
    },
    expires: {
      type: "string",
      value: "DATE|DAYSd",
      help: "the last day it holds, to its end in UTC: 2027-11-28, or 90d after it was done",
    },
    performed: {
      type: "string",
      value: "DATE",
      help: "the day it was done, if not today",
    },
    set: {
      type: "string",
      multiple: true,
      value: "NAME=TEXT",
      help: "a particular the item asks for, see plimsoll attest items (repeatable)",
    },
    scope: {
      type: "string",
      multiple: true,
      value: "A,B",
      help: "what was covered; of a penetration test its areas (repeatable)",
    },
    policy: {
      type: "string",
      value: "HASH",
      help: "csp.staging-tested: the policy that was tested",
    },
    release,
    deployment: {
      type: "string",
      value: "NAME",
      help: "which deployment it is about (default: the name of DIR)",
    },
    who: { type: "string", value: "NAME", help: "who says so (default: the user's name)" },
    key: {
      type: "string",
      value: "FILE",
      help: "the private key (default: plimsoll/attest-key.pem in the user's configuration)",
    },
    "attest-key": {
      ...AUDIT_OPTIONS["attest-key"],
      help: "list, verify: trust this public key, or those of this file (repeatable)",
    },
    now,
    json: { type: "boolean", help: "items, list, verify: as JSON" },
  },
  examples: [
    "plimsoll attest key --who 'Alice Example' | sudo tee -a /etc/plimsoll/attest-keys",
    "plimsoll attest respond.restore-tested /srv/shop --evidence restore.log --expires 90d --set artefact=shop-2026-11-27.dump --set size='48122 rows' --set duration=4min",
    "plimsoll attest list /srv/shop",
  ],
  async run({ options, positionals, io }) {
    const [word, place] = positionals;
    if (word === undefined) throw new UsageError('attest what? see "plimsoll attest items"');
    const call: AttestCall = { options, io, place, nowMs: clockMs(options) ?? io.now() };
    switch (VERBS.find((verb) => verb === word)) {
      case "key":
        return (await import("./attest-key.ts")).makeKey(call);
      case "items":
        return (await import("./attest-show.ts")).showItems(call);
      case "list":
        return (await import("./attest-show.ts")).showAll(call, { isGate: false });
      case "verify":
        return (await import("./attest-show.ts")).showAll(call, { isGate: true });
      case undefined:
        return sign(word, call);
    }
  },
};

async function sign(word: string, call: AttestCall): Promise<number> {
  const [{ ITEMS, itemNamed }, { signItem }] = await Promise.all([
    import("../checks/attested/items.ts"),
    import("./attest-sign.ts"),
  ]);
  const item = itemNamed(word);
  if (item !== undefined) return signItem(item, call);
  const near = nearest(word, [...VERBS, ...ITEMS.map(({ id }) => id)]);
  const hint = near === undefined ? 'see "plimsoll attest items"' : `did you mean "${near}"?`;
  throw new UsageError(`nothing called "${word}" can be attested; ${hint}`);
}
