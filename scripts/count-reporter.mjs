/** Names each failed test with its error, then the counts in one line that scripts/test adds up. */
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    const kind = kindOf(type, data);
    if (kind === undefined) continue;
    counts[kind]++;
    if (kind === "skipped") yield `\nskipped: ${data.name} (${data.skip})`;
    if (kind === "failed") yield failure(data);
  }
  yield `\ncounted: ${counts.passed} passed, ${counts.failed} failed\n`;
}

function kindOf(type, data) {
  if (data?.details?.type === "suite") return undefined;
  if (type === "test:fail") return "failed";
  if (type !== "test:pass") return undefined;
  return data.skip === undefined ? "passed" : "skipped";
}

function failure({ file, name, details }) {
  const error = details.error.cause ?? details.error;
  return `\nFAILED ${file ?? ""}: ${name}\n${error?.stack ?? error}\n`;
}
