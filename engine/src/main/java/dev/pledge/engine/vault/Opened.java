package dev.pledge.engine.vault;

import dev.pledge.engine.value.Value;

/** A value out of its seal, and which of the asked fields it answers. */
public record Opened(int asked, Sealed place, Value value) {}
