import { gradeColour, type TlsPage, type TlsView } from "./tls-layout.ts";

/** Differences and caps shown without `--verbose`. */
const LINES_SHOWN_MAX = 6;
/** Names in one line of alike differences without `--verbose`. */
const NAMES_SHOWN_MAX = 4;

/** The grade with its arithmetic, its caps and the way to a better one. */
export function gradeSection({ grade, next, scan }: TlsView, page: TlsPage): readonly string[] {
  if (grade === undefined) {
    return scan.state === "tls" ? page.row("Grade", "none: too little was answered") : [];
  }
  const { protocolSupport, keyExchange, cipherStrength } = grade.parts;
  const sum = `0.3 x ${protocolSupport} protocol + 0.3 x ${keyExchange} key exchange + 0.4 x ${cipherStrength} cipher = ${grade.score}`;
  const ignored =
    grade.ifTrustIgnored === undefined ? "" : `; if trust is ignored: ${grade.ifTrustIgnored}`;
  return [
    ...page.row("Grade", `${grade.grade} (SSL Labs 2009r)${ignored}`, gradeColour(grade.grade)),
    ...page.row("", sum),
    ...grade.caps.flatMap(({ to, because }) => page.row("", `capped to ${to}: ${because}`)),
    ...grade.provisional.flatMap((why) => page.row("", `provisional: ${why}`, "magenta")),
    ...(next === undefined ? [] : page.row("", `to reach ${next.grade} at least:`, "cyan")),
    ...(next?.by ?? []).flatMap((step) => page.row("", `- ${step}`, "cyan")),
  ];
}

/** Conformance to Mozilla's guidelines with every difference that counts. */
export function mozillaSection({ mozilla }: TlsView, page: TlsPage): readonly string[] {
  if (mozilla === undefined) return [];
  const levels = ["fail", "warn", "info"];
  const counting = mozilla.differences.filter(({ level }) => page.isVerbose || level !== "info");
  const lines = joined(
    counting.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    page.isVerbose ? Number.POSITIVE_INFINITY : NAMES_SHOWN_MAX,
  );
  const shown = page.isVerbose ? lines : lines.slice(0, LINES_SHOWN_MAX);
  const hidden = lines.length - shown.length;
  const asides = mozilla.differences.length - counting.length;
  const more = [
    ...(hidden > 0 ? [`${hidden} more`] : []),
    ...(asides > 0 ? [`${asides} worth knowing`] : []),
  ].join(" and ");
  const next = mozilla.next === undefined ? "" : `; beside ${mozilla.next}:`;
  return [
    ...page.row("Mozilla 6.0", `${mozilla.profile}${lines.length > 0 ? next : ""}`),
    ...shown.flatMap((line) => page.row("", line, line.startsWith("fail") ? "red" : undefined)),
    ...(more === "" ? [] : page.row("", `${more}, listed by --verbose`)),
  ];
}

type Difference = NonNullable<TlsView["mozilla"]>["differences"][number];

const OFFER = /^(suite|group|post-quantum group) (\S+) (is .*)$/;

/** `suite A is offered` and `suite B is offered` in one line: the names differ, not what is said. */
function joined(differences: readonly Difference[], namesMax: number): readonly string[] {
  const keyOf = ({ level, what }: Difference) => `${level}: ${what.replace(OFFER, "$1 $3")}`;
  return [...new Set(differences.map(keyOf))].map((key) => {
    const alike = differences.filter((one) => keyOf(one) === key);
    const names = alike.flatMap(({ what }) => OFFER.exec(what)?.[2] ?? []);
    const [first] = alike;
    if (first === undefined || names.length < 2) {
      return alike.map(({ level, what }) => `${level}: ${what}`).join();
    }
    const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
    const plural = first.what.replace(OFFER, (_, kind: string, _name, rest: string) => {
      return `${kind}s ${names.slice(0, namesMax).join(", ")}${more} ${rest.replace(/^is/, "are")}`;
    });
    return `${first.level}: ${plural}`;
  });
}

/** Which clients cannot connect; all of them with `--verbose`. */
export function clientSection({ clients }: TlsView, page: TlsPage): readonly string[] {
  if (clients === undefined || clients.length === 0) return [];
  const of = (state: string) => clients.filter((one) => one.state === state);
  const fails = of("fails");
  const open = of("unknown");
  const told = (list: typeof clients) => byReason(list).join("; ");
  const head = `${of("connects").length} of ${clients.length} known clients can connect (computed)`;
  if (page.isVerbose) {
    return [
      ...page.row("Clients", head),
      ...clients.flatMap(({ client, result, state }) =>
        page.row("", `${client.padEnd(27)} ${result}`, state === "fails" ? "red" : undefined),
      ),
    ];
  }
  return [
    ...page.row("Clients", head),
    ...(fails.length > 0 ? page.row("", `cannot: ${told(fails)}`) : []),
    ...(open.length > 0 ? page.row("", `not told: ${told(open)}`, "magenta") : []),
  ];
}

/** `Java 8u161, Android 5.0 (no protocol in common)`. */
function byReason(clients: NonNullable<TlsView["clients"]>): readonly string[] {
  const reasons = [...new Set(clients.map(({ result }) => result))];
  return reasons.map((reason) => {
    const names = clients.filter(({ result }) => result === reason).map(({ client }) => client);
    return `${names.join(", ")} (${reason.replace(/^(?:cannot connect|not told): /, "")})`;
  });
}
