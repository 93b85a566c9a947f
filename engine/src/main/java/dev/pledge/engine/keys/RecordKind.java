package dev.pledge.engine.keys;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is sealed under a person's key besides their values, or under that of a legal hold. */
public enum RecordKind {
  /** What was told of a birth. It is forgotten by itself. */
  BIRTH("birth-date", true),
  /** What shows that a choice was made. */
  CONSENT("consent-evidence", false),
  /** What shows that the policy was accepted. */
  ACCEPTANCE("acceptance-evidence", false),
  /** The ticket that an approval of an exceptional use rests on. */
  APPROVAL("approval-reference", false),
  /** The order that a legal hold rests on. */
  HOLD("hold-reference", false);

  private final String id;
  private final boolean forgottenByItself;

  RecordKind(String id, boolean forgottenByItself) {
    this.id = id;
    this.forgottenByItself = forgottenByItself;
  }

  /** What is forgotten where these records are; empty where they stay as long as their owner. */
  public Optional<Part> part() {
    return forgottenByItself ? Optional.of(Part.ofRecords(id)) : Optional.empty();
  }

  /** All parts that are records. */
  public static List<Part> parts() {
    return Arrays.stream(values()).flatMap(kind -> kind.part().stream()).toList();
  }

  /** The same for ever: what is sealed hangs on it. */
  String id() {
    return id;
  }
}
