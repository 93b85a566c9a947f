package dev.pledge.server.http;

/** Ends the work on a call whose problem is known. Carries no stack: it says nothing about us. */
@SuppressWarnings("serial") // never leaves this process
final class ProblemFound extends RuntimeException {
  private final transient Problem problem;

  ProblemFound(Problem problem) {
    super(problem.type().word(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
