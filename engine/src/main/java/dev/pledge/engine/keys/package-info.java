/**
 * Everything cryptographic about persons: one key per person and generation, wrapped by an epoch's
 * key that lies outside the database; sealed values, marks and log details under that key; keyed
 * blind indexes to find a person by an alias; the key store with its journal of living keys and its
 * ledger of erased persons; and the keys of answers kept for requests sent again.
 *
 * <p>Promises: nothing here prints, serialises or stores a key in the clear; a sealed value opens
 * only in the place it was sealed for; a key of another person, generation, epoch or deployment is
 * refused; what {@code Journal} and {@code ErasureLedger} acknowledged survives a crash; the key
 * store is readable by its owner alone and lies outside the data directory. Keys are wiped when
 * last released, as well as a JVM allows: copies made inside the JDK's providers are out of reach.
 *
 * <p>Keeps IV.4 (protection of what is stored) and II.II.3 (forgetting: without its wrapped key a
 * person's data cannot be read, and without the epoch's key neither can older copies).
 *
 * <p>Not for deciding who may read, nor for what a value means: that is the gate's and the vault's.
 * Passwords, tokens and signatures are elsewhere. No FIPS validation is claimed.
 */
@NullMarked
package dev.pledge.engine.keys;

import org.jspecify.annotations.NullMarked;
