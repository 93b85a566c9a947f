/**
 * A second pair of eyes: approvals before exceptional uses, reviews after emergency uses (II.I.7).
 * An approval goes with the person it is about; a review outlives the person without naming them,
 * so that nobody escapes it by erasing.
 *
 * <p>Not for deciding who may approve or review (policy), nor for letting a use through (gate).
 */
@NullMarked
package dev.pledge.engine.oversight;

import org.jspecify.annotations.NullMarked;
