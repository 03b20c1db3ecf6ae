/**
 * Which list of requirements a review went through: the day of the checklist (seed 2), and the first 12 hex digits of
 * SHA-256 over the ids and texts of `SEED_REQUIREMENTS`. A test makes it anew: a review of another list is another review.
 */
export const CATALOG_VERSION = "2026-01-31.20f881e32114";
