package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.message.MessagePage;

/** Messages to people, and the log entry of having listed them. */
public record MessageListing(MessagePage page, Receipt receipt) {}
