/**
 * The names a policy speaks in: identifiers of fields, purposes, roles and people, and the closed
 * vocabularies of types, masks and views. An invalid name cannot exist: every record checks itself.
 *
 * <p>Keeps no clause by itself. Not for rules, state or text shown to people.
 */
@NullMarked
package dev.pledge.policy.names;

import org.jspecify.annotations.NullMarked;
