package dev.pledge.policy.language;

/** A place in a file. Line and column count from 1, columns in code points. */
record Place(SourceText source, int line, int column) {}
