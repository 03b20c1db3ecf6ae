import { attestedCheck } from "../../attested/attested-check.ts";
import { PRODUCTION } from "../../attested/conditions.ts";
import { respondContacts } from "./contacts.control.ts";

export const respondContactsAttested = attestedCheck({
  control: respondContacts,
  when: PRODUCTION,
});
