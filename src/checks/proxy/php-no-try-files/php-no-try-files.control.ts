import type { Control } from "../../../core/check.ts";

export const proxyPhpNoTryFiles: Control = {
  id: "proxy.php-no-try-files",
  title: "PHP is handed scripts that exist, and nothing else",
  severity: "medium",
  seed: [],
  risk: "PHP looks for a script further up the path: /uploads/photo.jpg/x.php runs the photo somebody uploaded.",
  rule: "warn: a location whose pattern takes any path that ends in .php hands it to FastCGI without asking whether there is such a file (try_files, or an if on -f). pass: none does. Not concerned: fixed scripts, locations with an include that could not be read.",
  fix: "nginx: try_files $fastcgi_script_name =404; in the location, and cgi.fix_pathinfo=0 in php.ini.",
  references: [
    "https://www.nginx.com/resources/wiki/start/topics/tutorials/config_pitfalls/#passing-uncontrolled-requests-to-php",
    "https://cwe.mitre.org/data/definitions/434.html",
  ],
};
