/**
 * Root keys in AWS KMS, for whoever puts this module beside the server: it comes without it.
 *
 * <p>Promises what {@link dev.pledge.engine.keys.RootKey} does, with the context as encryption
 * context. Keeps, for its part, IV.4. Not for data keys: those are Pledge's own.
 */
@NullMarked
package dev.pledge.kms.aws;

import org.jspecify.annotations.NullMarked;
