package dev.pledge.engine.message;

import static dev.pledge.engine.message.Parameter.ACT;
import static dev.pledge.engine.message.Parameter.CODE;
import static dev.pledge.engine.message.Parameter.NUMBER;
import static dev.pledge.engine.message.Parameter.PATH;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What people are told. */
public enum Template {
  /** A code to sign in with. */
  SIGN_IN_CODE,
  /** A code to confirm an act with. */
  CONFIRMATION_CODE,
  /** Somebody signed in. */
  SIGNED_IN,
  /** Their request has come in. */
  REQUEST_RECEIVED,
  /** Somebody wrote to them on their request. */
  REQUEST_MESSAGE,
  /** Their request is decided. */
  REQUEST_DECIDED,
  /** Their data are ready to be taken along. */
  EXPORT_READY,
  /** There is a new version of the policy. */
  NEW_VERSION,
  /** All their sessions have ended. */
  SESSIONS_ENDED;

  private static final Duration LIFE_OF_A_CODE = Duration.ofMinutes(10);

  /** The word it is told by. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Template of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What it is filled with. */
  public Set<Parameter> parameters() {
    return switch (this) {
      case SIGN_IN_CODE -> Set.of(CODE);
      case CONFIRMATION_CODE -> Set.of(CODE, ACT);
      case REQUEST_RECEIVED, REQUEST_MESSAGE, REQUEST_DECIDED -> Set.of(NUMBER, PATH);
      case SIGNED_IN, EXPORT_READY, NEW_VERSION, SESSIONS_ENDED -> Set.of(PATH);
    };
  }

  /** For how long it is of use; empty where that has no end. */
  Optional<Duration> life() {
    return parameters().contains(CODE) ? Optional.of(LIFE_OF_A_CODE) : Optional.empty();
  }

  /** Throws {@link IllegalArgumentException} unless it is filled with that. */
  void require(Map<String, String> filling) {
    Set<String> words = parameters().stream().map(Parameter::word).collect(Collectors.toSet());
    if (!filling.keySet().equals(words)) {
      throw new IllegalArgumentException("`" + word() + "` is filled with " + words);
    }
    filling.forEach((word, value) -> Parameter.of(word).require(value));
  }
}
