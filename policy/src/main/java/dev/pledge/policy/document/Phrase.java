package dev.pledge.policy.document;

/**
 * One thing to say, in every tongue; {@code {0}} and so on stand for what is filled in.
 *
 * @param english words that begin and end as they stand in the page
 * @param chinese the same in simplified Chinese
 * @param german the same in German, which says Sie; what is filled in stands in the nominative
 */
record Phrase(String english, String chinese, String german) {}
