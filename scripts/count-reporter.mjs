/** Names each failed test with its error, then the counts in one line that scripts/test adds up. */
export default async function* countReporter(source) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of source) {
    if (!type.startsWith("test:") || data.details?.type === "suite") continue;
    const isSkipped = data.skip !== undefined;
    if (type === "test:pass" && isSkipped) yield `\nskipped: ${data.name} (${data.skip})`;
    if (type === "test:pass" && !isSkipped) passed++;
    if (type !== "test:fail") continue;
    failed++;
    const error = data.details.error.cause ?? data.details.error;
    yield `\nFAILED ${data.file ?? ""}: ${data.name}\n${error?.stack ?? error}\n`;
  }
  yield `\ncounted: ${passed} passed, ${failed} failed\n`;
}
