package dev.pledge.engine.gate;

import java.util.UUID;

/**
 * What a legal exception is invoked with (II.I.7): the approval that somebody else gave for this
 * person and this caller.
 */
public record LegalOrder(UUID approval) {}
