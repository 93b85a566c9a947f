package dev.pledge.policy.document;

/**
 * One thing to say, in every tongue; {@code {0}} and so on stand for what is filled in.
 *
 * @param english words that begin and end as they stand in the page
 * @param chinese the same in simplified Chinese
 */
record Phrase(String english, String chinese) {}
