package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.outbox.OutboxPage;

/** Messages that wait for recipients, and the log entry of having listed them. */
public record OutboxListing(OutboxPage page, Receipt receipt) {}
