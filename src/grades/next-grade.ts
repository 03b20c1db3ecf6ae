import type { TlsGrade } from "../core/tls-scan.ts";

/** Best to worst; T and M stand beside the letters and replace them. */
const LETTERS = ["A+", "A", "A-", "B", "C", "D", "E", "F", "T", "M"];
/** Least score of each letter (SSL Server Rating Guide, table 2). */
const LEAST: readonly (readonly [letter: string, score: number])[] = [
  ["A", 80],
  ["B", 65],
  ["C", 50],
  ["D", 35],
  ["E", 20],
  ["F", 0],
];

/** A better grade and what has to go for it. */
export interface NextGrade {
  /** At least this: what caps the grade often lowers the score as well. */
  readonly grade: string;
  /** What caps it, each to be mended. */
  readonly by: readonly string[];
}

/** The shortest way to a better grade; `undefined` for A+. */
export function nextGrade({
  grade,
  score,
  caps,
  parts,
  ifTrustIgnored,
}: TlsGrade): NextGrade | undefined {
  if (grade === "A+") return undefined;
  if (grade === "A") {
    return { grade: "A+", by: ["send Strict-Transport-Security with max-age 15768000 or more"] };
  }
  const rank = (letter: string) => LETTERS.indexOf(letter);
  const binding = caps.filter(({ to }) => to === grade);
  const others = caps.filter(({ to }) => to !== grade).map(({ to }) => to);
  const byScore = LEAST.find(([, least]) => score >= least)?.[0] ?? "F";
  const letters = [byScore, ...others, ...(ifTrustIgnored === undefined ? [] : [ifTrustIgnored])];
  const best = LETTERS[Math.max(...letters.map(rank))] ?? "F";
  const reasons = binding.map(({ because }) => `mend: ${because}`);
  if (rank(best) < rank(grade)) return { grade: best, by: reasons };
  const step = LETTERS[rank(grade) - 1];
  if (step === undefined) return undefined;
  return {
    grade: step,
    by: [...reasons, `raise ${weakestPart(parts)}`],
  };
}

function weakestPart({ protocolSupport, keyExchange, cipherStrength }: TlsGrade["parts"]): string {
  const named: readonly (readonly [name: string, score: number])[] = [
    ["key exchange", keyExchange],
    ["cipher strength", cipherStrength],
    ["protocol support", protocolSupport],
  ];
  const least = Math.min(keyExchange, cipherStrength, protocolSupport);
  return named
    .filter(([, score]) => score === least)
    .map(([name, score]) => `${name} (${score} of 100)`)
    .join(", ");
}
