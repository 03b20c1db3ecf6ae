/**
 * Compares what nginx answers with what `answerNginx` says, on random configurations.
 *
 * `bin/node scripts/nginx-differential.ts [COUNT] [SEED]` (300 from seed 1). Prints the disagreements, each
 * with its seed, and the figures; exits 1 where there is one.
 */
import { compareRandom } from "../test/integration/nginx-differential.ts";

const [count = 300, seed = 1] = process.argv.slice(2).map(Number);
const result = await compareRandom(seed, count);
for (const one of result.refused) console.log(`refused by nginx: ${one}`);
for (const one of result.differences) console.log(one);
const share = ((100 * result.undecided) / result.requests).toFixed(2);
console.log(
  `${result.cases} configurations, ${result.requests} requests: ${result.differences.length} differences, ` +
    `${result.undecided} undecided (${share} %), ${result.refused.length} refused`,
);
console.log(
  `${(result.openOutcomes / result.requests).toFixed(1)} outcomes a request knowing neither fields, client nor disk`,
);
for (const [reason, times] of [...result.reasons].sort((a, b) => b[1] - a[1]).slice(0, 20)) {
  console.log(`  ${times} ${reason}`);
}
process.exitCode = result.differences.length + result.refused.length === 0 ? 0 : 1;
