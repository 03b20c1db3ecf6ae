import assert from "node:assert/strict";

import { knownValue } from "../src/core/reading.ts";
import type { SourceSetting } from "../src/facts/source-settings.fact.ts";
import { sourceFacts } from "./source-facts.ts";

/** Rows of settings of a tree; `provideRuntime` comes before. */
export async function settingRows(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly SourceSetting[]> {
  const source = knownValue((await sourceFacts({ files, env })).source);
  assert.ok(source !== undefined);
  return source.settings;
}

/** `slug value kind @file:line if condition`, of rows whose slug matches. */
export function shownRows(rows: readonly SourceSetting[], wanted: RegExp): readonly string[] {
  return rows.filter(({ slug }) => wanted.test(slug)).map(shownRow);
}

function shownRow({ slug, resolved, file, line, kind, condition, isOff }: SourceSetting): string {
  const value = resolved.state === "known" ? JSON.stringify(resolved.value ?? null) : "unknown";
  const place = line === null ? "" : ` @${file}:${line}`;
  const off = isOff === true ? " off" : "";
  return `${slug} ${value} ${kind}${place}${condition === undefined ? "" : ` if ${condition}`}${off}`;
}
