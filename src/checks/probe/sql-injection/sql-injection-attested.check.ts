import { attestedCheck } from "../../attested/attested-check.ts";
import { ACTIVE } from "../../attested/conditions.ts";
import { probeSqlInjection } from "./sql-injection.control.ts";

export const probeSqlInjectionAttested = attestedCheck({
  control: probeSqlInjection,
  area: "sql-injection",
  when: ACTIVE,
});
