/**
 * Suffixes of two labels under which anyone can register a name, the common ones of
 * https://publicsuffix.org/list (ICANN section, and hosting domains of its private section).
 * A single label is always taken for one. The list need not be complete: what it misses is judged
 * as an ordinary domain.
 */
const TWO_LABEL_SUFFIXES: ReadonlySet<string> = new Set(
  `
  ac.uk co.uk gov.uk ltd.uk me.uk net.uk nhs.uk org.uk plc.uk sch.uk
  asn.au com.au edu.au gov.au id.au net.au org.au
  ac.nz co.nz geek.nz gen.nz govt.nz net.nz org.nz school.nz
  ac.jp ad.jp co.jp ed.jp go.jp gr.jp lg.jp ne.jp or.jp
  ac.kr co.kr go.kr ne.kr or.kr re.kr
  ac.cn com.cn edu.cn gov.cn net.cn org.cn
  com.tw edu.tw gov.tw idv.tw net.tw org.tw
  com.hk edu.hk gov.hk idv.hk net.hk org.hk
  com.sg edu.sg gov.sg net.sg org.sg per.sg
  com.my edu.my gov.my net.my org.my
  ac.th co.th go.th in.th net.th or.th
  ac.id co.id go.id my.id or.id web.id
  com.ph edu.ph gov.ph net.ph org.ph
  com.vn edu.vn gov.vn net.vn org.vn
  ac.in co.in edu.in firm.in gen.in gov.in ind.in net.in nic.in org.in
  com.pk edu.pk gov.pk net.pk org.pk
  com.br edu.br gov.br net.br org.br
  com.ar edu.ar gob.ar net.ar org.ar
  com.mx edu.mx gob.mx net.mx org.mx
  com.co edu.co gov.co net.co org.co
  com.pe edu.pe gob.pe net.pe org.pe
  com.ve com.ec com.uy com.py com.bo com.gt com.do com.pa
  ac.za co.za gov.za net.za org.za web.za
  co.ke or.ke ac.ke co.tz co.ug co.zw com.ng org.ng com.gh com.eg edu.eg
  com.tr edu.tr gov.tr net.tr org.tr gen.tr
  ac.il co.il gov.il net.il org.il
  com.sa edu.sa gov.sa net.sa org.sa co.ae gov.ae net.ae com.qa com.kw com.lb
  com.ua in.ua kiev.ua net.ua org.ua com.ru msk.ru spb.ru
  com.pl edu.pl gov.pl net.pl org.pl waw.pl
  com.pt edu.pt gov.pt org.pt com.es nom.es org.es gob.es
  com.gr edu.gr gov.gr org.gr com.cy com.mt com.ro org.ro co.hu org.hu
  co.at ac.at gv.at or.at asso.fr com.fr gouv.fr edu.it gov.it
  com.de co.com uk.com us.com eu.com de.com uk.net
  github.io gitlab.io pages.dev workers.dev netlify.app vercel.app web.app firebaseapp.com
  herokuapp.com herokudns.com onrender.com fly.dev railway.app ngrok.io ngrok-free.app ngrok.app
  azurewebsites.net cloudapp.net azurestaticapps.net cloudfront.net appspot.com run.app
  amazonaws.com elasticbeanstalk.com awsapprunner.com lambda-url.on.aws
  blogspot.com wordpress.com readthedocs.io surge.sh glitch.me repl.co deno.dev
  duckdns.org dyndns.org dynv6.net no-ip.org ddns.net hopto.org nip.io sslip.io
  pythonanywhere.com translate.goog trycloudflare.com ts.net plesk.page
  ondigitalocean.app linode.com linodeusercontent.com
  `
    .trim()
    .split(/\s+/),
);

/** Whether anyone may register a name directly under `name` (without a leading dot). */
export function isPublicSuffix(name: string): boolean {
  const lower = name.toLowerCase().replace(/\.$/, "");
  return !lower.includes(".") || TWO_LABEL_SUFFIXES.has(lower);
}
