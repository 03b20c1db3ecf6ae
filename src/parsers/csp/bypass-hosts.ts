import { type CspTarget, cspTarget, matchesSource } from "./match.ts";
import type { CspExpression } from "./source.ts";

/** How a host that many sites allow lets an attacker run code of their own. */
export type BypassKind =
  /** An endpoint answers with script that calls a function the URL names. */
  | "jsonp"
  /** A script framework that runs expressions out of markup, AngularJS foremost. */
  | "framework"
  /** Anybody's package or repository, served as script. */
  | "packages"
  /** Anybody may put files or an application under a name of this zone. */
  | "user-content";

export interface BypassHost {
  readonly host: string;
  readonly kind: BypassKind;
  /** An address of the kind named; a path in a source expression that does not cover it closes this way. */
  readonly example: string;
  /** Where the property is documented. */
  readonly source: string;
}

/**
 * Compiled for Plimsoll in November 2026 from what the services document of themselves and from public write-ups
 * of bypasses; no other list was copied. The reasoning is that of Weichselbaum et al., "CSP Is Dead, Long Live
 * CSP!", CCS 2016, section 3. A host that is missing here is not thereby safe.
 *
 * One line a service: kind, source, then an example for each of its hosts.
 */
const TABLE = `
  framework https://developers.google.com/speed/libraries https://ajax.googleapis.com/ajax/libs/angularjs/1.8.3/angular.min.js
  framework https://code.angularjs.org/ https://code.angularjs.org/1.8.3/angular.min.js
  framework https://cdnjs.com/libraries/angular.js https://cdnjs.cloudflare.com/ajax/libs/angular.js/1.8.3/angular.min.js
  framework https://www.bootcdn.cn/angular.js/ https://cdn.bootcdn.net/ajax/libs/angular.js/1.8.3/angular.min.js https://cdn.bootcss.com/angular.js/1.8.3/angular.min.js
  framework https://www.staticfile.org/ https://cdn.staticfile.org/angular.js/1.8.3/angular.min.js
  framework https://yandex.ru/dev/jslibs/ https://yastatic.net/angularjs/1.3.16/angular.min.js https://yandex.st/angularjs/1.3.16/angular.min.js
  framework https://docs.telerik.com/kendo-ui/intro/installation/cdn-service https://kendo.cdn.telerik.com/2020.1.114/js/angular.min.js
  packages https://www.jsdelivr.com/documentation https://cdn.jsdelivr.net/npm/any-package/x.js
  packages https://unpkg.com/ https://unpkg.com/any-package/x.js
  packages https://esm.sh/ https://esm.sh/any-package
  packages https://www.jsdelivr.com/esm https://esm.run/any-package
  packages https://docs.skypack.dev/ https://cdn.skypack.dev/any-package
  packages https://jspm.org/docs/cdn https://ga.jspm.io/npm:any-package/x.js
  packages https://bundle.run/ https://bundle.run/any-package
  packages https://statically.io/docs/ https://cdn.statically.io/gh/any/repository/x.js
  packages https://raw.githack.com/ https://raw.githack.com/any/repository/x.js https://rawcdn.githack.com/any/repository/x.js
  packages https://rawgit.com/ https://cdn.rawgit.com/any/repository/x.js https://rawgit.com/any/repository/x.js
  jsonp https://developers.google.com/maps/documentation/javascript/load-maps-js-api https://maps.googleapis.com/maps/api/js?callback=f https://maps.google.com/maps/api/js?callback=f
  jsonp https://developers.google.com/identity/protocols/oauth2/javascript-implicit-flow https://accounts.google.com/o/oauth2/revoke?callback=f
  jsonp https://developers.google.com/books/docs/v1/using https://www.googleapis.com/books/v1/volumes?callback=f
  jsonp https://cloud.google.com/translate/docs/reference/rest https://translate.googleapis.com/$discovery/rest?callback=f
  jsonp https://cloud.google.com/identity-platform/docs/reference/rest https://identitytoolkit.googleapis.com/$discovery/rest?callback=f
  jsonp https://developers.google.com/discovery/v1/reference https://content.googleapis.com/discovery/v1/apis?callback=f
  jsonp https://www.google.com/complete/search https://www.google.com/complete/search?jsonp=f https://clients1.google.com/complete/search?callback=f
  jsonp https://developers.google.com/custom-search/docs/element https://cse.google.com/api/1/cse/1/queries/js?callback=f
  jsonp https://translate.google.com/ https://translate.google.com/translate_a/element.js?cb=f
  jsonp https://apis.google.com/js/api.js https://apis.google.com/complete/search?callback=f
  jsonp https://support.google.com/google-ads/answer/6095821 https://www.googleadservices.com/pagead/conversion/1/wcm?callback=f https://googleads.g.doubleclick.net/pagead/conversion/1/wcm?callback=f
  jsonp https://developers.google.com/publisher-tag https://securepubads.g.doubleclick.net/gampad/ads?callback=f https://pubads.g.doubleclick.net/gampad/ads?callback=f
  jsonp https://developers.google.com/blogger/docs/2.0/json/reference https://www.blogger.com/feeds/1/posts/default?callback=f
  jsonp https://oembed.com/#section5 https://www.youtube.com/oembed?callback=f
  jsonp https://developers.google.com/tag-platform/tag-manager/templates https://www.googletagmanager.com/debug/api/vtinfo?callback=f https://tagmanager.google.com/debug/api/vtinfo?callback=f https://www.google-analytics.com/debug/api/vtinfo?callback=f
  jsonp https://www.flickr.com/services/api/response.json.html https://api.flickr.com/services/feeds/photos_public.gne?jsoncallback=f
  jsonp https://developer.vimeo.com/api/oembed/videos https://vimeo.com/api/oembed.json?callback=f
  jsonp https://developers.soundcloud.com/docs/oembed https://soundcloud.com/oembed?format=js&callback=f
  jsonp https://developers.dailymotion.com/api/ https://api.dailymotion.com/videos?callback=f
  jsonp https://developer.x.com/en/docs/x-for-websites/oembed-api https://publish.twitter.com/oembed?callback=f https://api.twitter.com/1/statuses/oembed.json?callback=f https://api.x.com/1/statuses/oembed.json?callback=f
  jsonp https://developers.facebook.com/docs/graph-api/overview https://graph.facebook.com/?callback=f
  jsonp https://dev.vk.com/en/api/api-requests https://api.vk.com/method/users.get?callback=f
  jsonp https://www.reddit.com/dev/api/ https://www.reddit.com/.json?jsonp=f
  jsonp https://docs.github.com/en/rest https://api.github.com/?callback=f
  jsonp https://docs.github.com/en/rest/gists https://gist.github.com/x.json?callback=f
  jsonp https://api.stackexchange.com/docs https://api.stackexchange.com/2.3/info?callback=f
  jsonp https://www.mediawiki.org/wiki/API:Cross-site_requests https://en.wikipedia.org/w/api.php?format=json&callback=f
  jsonp https://developer.wordpress.com/docs/api/ https://public-api.wordpress.com/rest/v1/sites/1/posts/?callback=f
  jsonp https://developer.wordpress.org/rest-api/using-the-rest-api/global-parameters/ https://wordpress.org/wp-json?_jsonp=f
  jsonp https://docs.gravatar.com/api/profiles/json/ https://secure.gravatar.com/x.json?callback=f https://www.gravatar.com/x.json?callback=f
  jsonp https://performance-partners.apple.com/search-api https://itunes.apple.com/search?callback=f
  jsonp https://api.duckduckgo.com/api https://api.duckduckgo.com/?format=json&callback=f
  jsonp https://learn.microsoft.com/en-us/bingmaps/rest-services/common-parameters-and-types/output-parameters https://dev.virtualearth.net/REST/v1/Locations?jsonp=f
  jsonp https://learn.microsoft.com/en-us/bingmaps/v8-web-control/creating-and-hosting-map-controls/ https://www.bing.com/api/maps/mapcontrol?callback=f https://api.bing.com/osjson.aspx?JsonType=callback&JsonCallback=f
  jsonp https://nominatim.org/release-docs/latest/api/Output/ https://nominatim.openstreetmap.org/search?format=json&json_callback=f
  jsonp https://docs.openexchangerates.org/docs/jsonp-callbacks https://openexchangerates.org/api/latest.json?callback=f
  jsonp https://www.ipify.org/ https://api.ipify.org/?format=jsonp&callback=f
  jsonp https://ipinfo.io/developers https://ipinfo.io/?callback=f
  jsonp https://ip-api.com/docs/api:json https://ip-api.com/json/?callback=f
  jsonp https://developer.mixpanel.com/reference/track-event https://api.mixpanel.com/track/?callback=f https://api-js.mixpanel.com/track/?callback=f
  jsonp https://experienceleague.adobe.com/en/docs/audience-manager/user-guide/api-and-sdk-code/dcs https://dpm.demdex.net/id?d_cb=f
  jsonp https://developers.hubspot.com/docs/ https://forms.hubspot.com/embed/v3/form/1/1?callback=f https://forms.hsforms.com/embed/v3/form/1/1?callback=f
  jsonp https://help.branch.io/ https://app.link/_r?callback=f
  jsonp https://developers.marketo.com/javascript-api/forms/ https://app-sjint.marketo.com/index.php/form/getForm?callback=f
  jsonp https://developers.pinterest.com/ https://api.pinterest.com/v1/urls/count.json?callback=f https://widgets.pinterest.com/v3/pidgets/boards/a/b/pins/?callback=f
  jsonp https://docs.wistia.com/docs/oembed https://fast.wistia.com/embed/medias/1.json?callback=f
  jsonp https://www.tumblr.com/docs/en/api/v2 https://api.tumblr.com/v2/blog/a/posts?jsonp=f
  jsonp https://developer.livechat.com/docs/ https://api.livechatinc.com/v3.6/customer/action/get_dynamic_configuration?jsonp=f
  jsonp https://developers.liveperson.com/ https://accdn.lpsnmedia.net/api/account/1/configuration?cb=f https://lptag.liveperson.net/lptag/api/account/1/configuration?cb=f
  jsonp https://yandex.com/support/metrica/ https://mc.yandex.ru/watch/1?wmode=5&callback=f
  jsonp https://yandex.com/dev/translate/ https://translate.yandex.net/api/v1.5/tr.json/detect?callback=f
  jsonp https://yandex.com/dev/speller/ https://speller.yandex.net/services/spellservice.json/checkText?callback=f
  jsonp https://lbsyun.baidu.com/ https://api.map.baidu.com/api?v=2.0&callback=f
  jsonp https://developer.alibaba.com/ https://suggest.taobao.com/sug?callback=f https://detector.alicdn.com/2.7.3/index.php?callback=f
  jsonp https://www.criteo.com/ https://cas.criteo.com/delivery/0.1/napi.jsonp?callback=f https://gum.criteo.com/sync?c=1&r=2&j=f
  jsonp https://sharethis.com/support/ https://count-server.sharethis.com/v2.0/get_counts?cb=f https://www.sharethis.com/get-publisher-info.php?callback=f
  jsonp https://developer.paypal.com/ https://www.paypal.com/checkoutnow/remembered?callback=f
  jsonp https://developer.zendesk.com/ https://support.zendesk.com/accounts/reminder?callback=f
  jsonp https://firebase.google.com/docs/reference/rest/database https://any-project.firebaseio.com/.json?callback=f
  user-content https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html https://any-bucket.s3.amazonaws.com/x.js https://s3.amazonaws.com/any-bucket/x.js
  user-content https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ https://any.cloudfront.net/x.js
  user-content https://cloud.google.com/storage/docs/request-endpoints https://storage.googleapis.com/any-bucket/x.js
  user-content https://firebase.google.com/docs/hosting https://any-project.web.app/x.js https://any-project.firebaseapp.com/x.js
  user-content https://cloud.google.com/appengine/docs https://any-project.appspot.com/x.js
  user-content https://learn.microsoft.com/en-us/azure/storage/blobs/ https://anyaccount.blob.core.windows.net/c/x.js
  user-content https://learn.microsoft.com/en-us/azure/cdn/ https://any-endpoint.azureedge.net/x.js https://any-endpoint.azurefd.net/x.js https://any-app.azurewebsites.net/x.js
  user-content https://docs.github.com/en/pages https://anyone.github.io/x.js
  user-content https://docs.gitlab.com/user/project/pages/ https://anyone.gitlab.io/x.js
  user-content https://developers.cloudflare.com/pages/ https://any-project.pages.dev/x.js https://any.workers.dev/x.js https://any.r2.dev/x.js
  user-content https://docs.netlify.com/ https://any-site.netlify.app/x.js
  user-content https://vercel.com/docs/deployments https://any-project.vercel.app/x.js https://any.public.blob.vercel-storage.com/x.js
  user-content https://devcenter.heroku.com/articles/custom-domains https://any-app.herokuapp.com/x.js
  user-content https://docs.digitalocean.com/products/spaces/ https://any-space.nyc3.digitaloceanspaces.com/x.js
  user-content https://docs.bunny.net/ https://any-zone.b-cdn.net/x.js
  user-content https://docs.fastly.com/ https://any-service.global.ssl.fastly.net/x.js
  user-content https://shopify.dev/docs/ https://cdn.shopify.com/s/files/1/0001/files/x.js
  user-content https://surge.sh/help/ https://any-site.surge.sh/x.js
  user-content https://glitch.com/ https://any-project.glitch.me/x.js
`;

interface BypassEntry extends BypassHost {
  readonly target: CspTarget;
}

let entries: readonly BypassEntry[] | undefined;

/** The table, read when it is first asked for: most runs never need it. */
export function bypassHosts(): readonly BypassEntry[] {
  entries ??= TABLE.trim().split("\n").flatMap(readRow);
  return entries;
}

function readRow(line: string): readonly BypassEntry[] {
  const [kind = "", source = "", ...examples] = line.trim().split(" ");
  return examples.flatMap((example) => {
    const target = cspTarget(example);
    if (target === undefined || !isKind(kind)) return [];
    return [{ host: target.host, kind, example, source, target }];
  });
}

function isKind(text: string): text is BypassKind {
  return Object.hasOwn(BYPASS_MESSAGES, text);
}

const BYPASS_MESSAGES: Readonly<Record<BypassKind, string>> = {
  jsonp: "answers with script that calls any function (JSONP)",
  framework: "serves a framework that runs expressions out of markup",
  packages: "serves anybody's packages as script",
  "user-content": "serves files that anybody may put there",
};

/** One sentence part on what a bypass host does. */
export function describeBypass({ kind }: BypassHost): string {
  return BYPASS_MESSAGES[kind];
}

/** The entries an allow-list expression with a host covers; for `*` and schemes the answer is another weakness. */
export function bypassesOf(expression: CspExpression, self: CspTarget): readonly BypassHost[] {
  if (expression.kind !== "host") return [];
  const found = bypassHosts().filter(({ target }) => matchesSource(expression, target, self));
  const { host, path = "" } = expression;
  if (found.length > 0 || !ANGULARJS_PATH.test(path)) return found;
  const example = `https://${host.replace(/^\*\./, "any.")}${path}`;
  return [
    { host, kind: "framework", example, source: "https://docs.angularjs.org/guide/security" },
  ];
}

/** A path that names AngularJS 1.x; Angular 2 and later evaluate no expressions out of markup. */
const ANGULARJS_PATH = /(?<!@)angular(?:js|\.js|\.min\.js|@1|\/1\.)/i;
