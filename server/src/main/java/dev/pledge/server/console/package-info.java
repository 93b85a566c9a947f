/** What commands show on a terminal while they work. */
@NullMarked
package dev.pledge.server.console;

import org.jspecify.annotations.NullMarked;
