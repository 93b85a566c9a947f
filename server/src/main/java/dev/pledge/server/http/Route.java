package dev.pledge.server.http;

import dev.pledge.engine.actor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * One call of the interface: where it is, who may make it, what it weighs, and what does it.
 *
 * @param path the template, such as {@code /v1/subjects/{id}}; also the label in metrics
 * @param access who may make the call
 * @param load the kind of work it is
 */
record Route(String method, String path, Access access, Load load, Endpoint endpoint) {

  /** Answers a call. */
  @FunctionalInterface
  interface Endpoint {
    Answer answer(Call call);
  }

  /** Who may make a call. */
  sealed interface Access {
    /** Everyone. */
    record Public() implements Access {}

    /** Whoever holds a valid token; with {@code scope}, one that covers it. */
    record Token(@Nullable Scope scope) implements Access {}
  }

  static Route open(String path, Endpoint endpoint) {
    return new Route("GET", path, new Access.Public(), Load.PAGE, endpoint);
  }

  static Route read(String method, String path, @Nullable Scope scope, Endpoint endpoint) {
    return new Route(method, path, new Access.Token(scope), Load.READ, endpoint);
  }

  static Route change(String method, String path, @Nullable Scope scope, Endpoint endpoint) {
    return new Route(method, path, new Access.Token(scope), Load.CHANGE, endpoint);
  }

  static Route stream(String method, String path, @Nullable Scope scope, Endpoint endpoint) {
    return new Route(method, path, new Access.Token(scope), Load.STREAM, endpoint);
  }
}
