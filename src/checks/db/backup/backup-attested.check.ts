import { attestedCheck } from "../../attested/attested-check.ts";
import { DATABASE } from "../../attested/conditions.ts";
import { dbBackup } from "./backup.control.ts";

export const dbBackupAttested = attestedCheck({
  control: dbBackup,
  when: DATABASE,
});
