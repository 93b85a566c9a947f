package dev.pledge.engine.message;

import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * A message as it is shown to who looks after the server: neither to whom, nor what it is filled
 * with.
 *
 * @param language `en` or `zh`
 * @param failure what kept it from being sent the last time, in a word
 * @param day of its cause, by UTC
 */
public record Listed(
    UUID id,
    Template template,
    String language,
    MessageState state,
    int attempts,
    Optional<String> failure,
    LocalDate day) {}
