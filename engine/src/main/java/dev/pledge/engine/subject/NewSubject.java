package dev.pledge.engine.subject;

import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import org.jspecify.annotations.Nullable;

/** A person about to be registered. */
public record NewSubject(
    SubjectId subject, ProductId product, StoredAge age, @Nullable String jurisdiction) {}
