package dev.pledge.engine.gate;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.policy.names.PolicyVersion;

/** That a person accepted a version of the policy, and how (0.1). */
public record Acceptance(PolicyVersion version, Evidence evidence) {}
