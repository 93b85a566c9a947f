package dev.pledge.server.http;

import java.util.List;
import java.util.Locale;

/** The kinds of call that are limited apart, so that one kind cannot starve the others. */
enum Load {
  READ,
  CHANGE,
  STREAM,
  PAGE,
  /** Answered from memory at once or within a second: needs no place and is never refused one. */
  NONE;

  /** Those whose places are counted. */
  static final List<Load> COUNTED = List.of(READ, CHANGE, STREAM, PAGE);

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
