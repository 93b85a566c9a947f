package dev.pledge.bench;

import java.util.Base64;

/** A request as bytes, and the status and a part of the body that its answer has. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Exchange(byte[] request, int status, String part) {

  /** On one line, without anything a line cannot hold. */
  String line() {
    return status + " " + part + " " + Base64.getEncoder().encodeToString(request);
  }

  static Exchange of(String line) {
    String[] words = line.split(" ", 3);
    return new Exchange(Base64.getDecoder().decode(words[2]), Integer.parseInt(words[0]), words[1]);
  }
}
