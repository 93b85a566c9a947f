package dev.pledge.server.centre;

import java.util.Optional;

/**
 * What went wrong.
 *
 * @param back where to go on
 */
public record Trouble(String title, String detail, Optional<String> clause, String back) {}
