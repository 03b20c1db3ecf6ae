/**
 * Policy-controlled features by the standing the W3C registry gives them (webappsec-permissions-policy,
 * features.md, 2026-06-18), and names that browsers or older advice still show.
 */
const FEATURES: Readonly<Record<"standard" | "proposed" | "experimental" | "retired", string>> = {
  standard:
    "accelerometer ambient-light-sensor attribution-reporting autoplay battery bluetooth camera ch-ua ch-ua-arch " +
    "ch-ua-bitness ch-ua-full-version ch-ua-full-version-list ch-ua-high-entropy-values ch-ua-mobile ch-ua-model " +
    "ch-ua-platform ch-ua-platform-version ch-ua-wow64 compute-pressure cross-origin-isolated direct-sockets " +
    "display-capture encrypted-media execution-while-not-rendered execution-while-out-of-viewport fullscreen " +
    "geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map magnetometer mediasession " +
    "microphone midi navigation-override otp-credentials payment picture-in-picture publickey-credentials-get " +
    "screen-wake-lock serial storage-access sync-xhr tools usb web-share window-management xr-spatial-tracking",
  proposed:
    "autofill clipboard-read clipboard-write deferred-fetch gamepad language-detector language-model manual-text " +
    "publickey-credentials-create rewriter speaker-selection summarizer translator writer",
  experimental:
    "all-screens-capture browsing-topics captured-surface-control conversion-measurement deferred-fetch-minimal " +
    "digital-credentials-create digital-credentials-get focus-without-user-activation join-ad-interest-group " +
    "local-fonts local-network-access monetization private-state-token-issuance private-state-token-redemption " +
    "run-ad-auction shared-storage shared-storage-select-url smart-card sync-script trust-token-redemption unload " +
    "vertical-scroll ch-device-memory ch-downlink ch-dpr ch-ect ch-prefers-color-scheme " +
    "ch-prefers-reduced-motion ch-prefers-reduced-transparency ch-rtt ch-save-data ch-ua-form-factors " +
    "ch-viewport-height ch-viewport-width ch-width",
  retired:
    "document-domain document-write font-display-late-swap interest-cohort layout-animations " +
    "legacy-image-formats oversized-images speaker unoptimized-images unsized-media vibrate vr wake-lock " +
    "window-placement",
};
export type FeatureStanding = keyof typeof FEATURES;

const STANDINGS: readonly FeatureStanding[] = ["standard", "proposed", "experimental", "retired"];
let standings: ReadonlyMap<string, FeatureStanding> | undefined;

function table(): ReadonlyMap<string, FeatureStanding> {
  standings ??= new Map(
    STANDINGS.flatMap((standing) =>
      FEATURES[standing].split(" ").map((name) => [name, standing] as const),
    ),
  );
  return standings;
}

/** The standing of a feature; `undefined` for a name nobody knows. */
export function featureStanding(name: string): FeatureStanding | undefined {
  return table().get(name);
}

export function featureNames(): readonly string[] {
  return [...table().keys()];
}
