package dev.pledge.server.http;

import java.util.Locale;

/** The kinds of call that are limited apart, so that one kind cannot starve the others. */
enum Load {
  READ,
  CHANGE,
  STREAM,
  PAGE;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
