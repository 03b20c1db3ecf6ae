import { defineCheck, notApplicable, pass } from "../../../core/check.ts";
import { securityPolicy } from "../../../facts/security-policy.fact.ts";
import { parseSecurityTxt } from "../../../parsers/http/security-txt.ts";
import { respondContacts } from "./contacts.control.ts";

/** Why a Contact reaches nobody (RFC 9116 section 2.5.3). */
const BAD: ReadonlySet<string> = new Set(["http-uri", "no-uri", "placeholder-contact"]);

export const respondContactsSource = defineCheck({
  control: respondContacts,
  layer: "source",
  reads: "The Contact lines of a security.txt in the deployment.",
  needs: { policies: securityPolicy },

  evaluate({ policies: { files } }) {
    const evidence = files
      .filter(({ kind }) => kind === "security.txt")
      .flatMap(({ file, text }) => {
        const { fields, problems } = parseSecurityTxt(text);
        const bad = new Set(problems.filter(({ rule }) => BAD.has(rule)).map((one) => one.offset));
        return fields
          .filter(({ name, offset }) => name === "contact" && !bad.has(offset))
          .map(({ value, line }) => ({ file, line, excerpt: `Contact: ${value.slice(0, 160)}` }));
      });
    return evidence.length === 0
      ? notApplicable("No security.txt of the deployment names a contact")
      : pass("security.txt says whom to tell", evidence);
  },
});
