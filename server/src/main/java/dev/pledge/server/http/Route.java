package dev.pledge.server.http;

import dev.pledge.engine.actor.Scope;
import dev.pledge.log.Kind;
import java.util.Set;

/**
 * One call of the interface: where it is, who may make it, what it weighs, and what does it.
 *
 * @param path the template, such as {@code /v1/subjects/{id}}; also the label in metrics
 * @param access who may make the call
 * @param load the kind of work it is
 * @param parameters the parameters the query may have
 * @param content what a body is
 */
record Route(
    String method,
    String path,
    Access access,
    Load load,
    Set<String> parameters,
    Content content,
    Endpoint endpoint) {
  private static final String ANY = "ANY";

  Route {
    parameters = Set.copyOf(parameters);
  }

  /** Answers a call. */
  @FunctionalInterface
  interface Endpoint {
    Answer answer(Call call);
  }

  /** What the body of a call is. */
  enum Content {
    JSON,
    /** What a person sent with a form of ours. */
    FORM,
    /** A file that is kept and given out again as it came. */
    DOCUMENT
  }

  /** Who may make a call. */
  sealed interface Access {
    /** Everyone. */
    record Public() implements Access {}

    /** Whoever looks at a page of the Privacy Centre, which sees to it who is signed in. */
    record Visitor() implements Access {}

    /** Whoever holds a valid token. */
    record Token() implements Access {}

    /**
     * Whoever holds a token that covers it.
     *
     * @param kind what the log calls such a call
     */
    record Covered(Scope scope, Kind kind) implements Access {}
  }

  /** A page of the Privacy Centre. */
  static Route page(String path, Endpoint endpoint) {
    return new Route(
        "GET", path, new Access.Visitor(), Load.READ, Set.of(), Content.JSON, endpoint);
  }

  /** A file that somebody takes along from the Privacy Centre. */
  static Route file(String path, Endpoint endpoint) {
    return new Route(
        "GET", path, new Access.Visitor(), Load.STREAM, Set.of(), Content.JSON, endpoint);
  }

  /** A form of a page of the Privacy Centre. */
  static Route form(String path, Endpoint endpoint) {
    return new Route(
        "POST", path, new Access.Visitor(), Load.CHANGE, Set.of(), Content.FORM, endpoint);
  }

  static Route open(String path, Endpoint endpoint) {
    return open(path, Load.PAGE, endpoint);
  }

  /** A public call that needs no place, so that no number of others keeps it from its answer. */
  static Route free(String path, Endpoint endpoint) {
    return open(path, Load.NONE, endpoint);
  }

  private static Route open(String path, Load load, Endpoint endpoint) {
    return new Route("GET", path, new Access.Public(), load, Set.of(), Content.JSON, endpoint);
  }

  static Route read(String method, String path, Access access, Endpoint endpoint) {
    return new Route(method, path, access, Load.READ, Set.of(), Content.JSON, endpoint);
  }

  static Route change(String method, String path, Access access, Endpoint endpoint) {
    return new Route(method, path, access, Load.CHANGE, Set.of(), Content.JSON, endpoint);
  }

  static Route stream(String method, String path, Access access, Endpoint endpoint) {
    return new Route(method, path, access, Load.STREAM, Set.of(), Content.JSON, endpoint);
  }

  /** What is answered at {@code path} to methods that no other route there takes. */
  static Route elsewhere(String path, Endpoint endpoint) {
    return new Route(ANY, path, new Access.Public(), Load.PAGE, Set.of(), Content.JSON, endpoint);
  }

  /** The same call, with parameters in its query. */
  Route taking(String... parameters) {
    return new Route(method, path, access, load, Set.of(parameters), content, endpoint);
  }

  /** The same call, with a document for a body. */
  Route takingDocument() {
    return new Route(method, path, access, load, parameters, Content.DOCUMENT, endpoint);
  }

  /** Whether a person looks at it in a browser, and no program. */
  boolean isForPeople() {
    return access instanceof Access.Visitor;
  }

  boolean isElsewhere() {
    return method.equals(ANY);
  }

  boolean takesBody() {
    return method.equals("POST") || method.equals("PATCH");
  }

  /** Whether HEAD is answered too (RFC 9110 §9.3.2); never by work done only to be dropped. */
  boolean answersHead() {
    return method.equals("GET") && load != Load.STREAM;
  }
}
