/**
 * Typed values of fields. What comes from outside as an untyped JSON tree leaves as a {@link
 * dev.pledge.engine.value.Value} in its one normal form, or as a {@link
 * dev.pledge.engine.value.Complaint} that a person understands and that repeats nothing of the
 * input. A value shows itself whole, masked or de-identified; a mask never shows the value itself,
 * whatever the value.
 *
 * <p>Keeps: I.1 to I.4 (fields are typed), II.II.2 (de-identified views), II.II.5 (masked views).
 *
 * <p>Not for deciding who sees which view, nor for keeping values: nothing here reads a policy,
 * holds a key or touches a database.
 */
@NullMarked
package dev.pledge.engine.value;

import org.jspecify.annotations.NullMarked;
