/**
 * The command line: starts the server, makes tokens, checks policies. Says what it does in plain
 * lines and fails with one or two that tell what to do; exit codes are 0 (done), 1 (found something
 * wrong) and 2 (bad usage). Secrets are never taken from the command line; a new token is printed
 * once and kept nowhere.
 *
 * <p>Keeps no clause by itself. Not for deciding or storing.
 */
@NullMarked
package dev.pledge.server;

import org.jspecify.annotations.NullMarked;
