package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Notice;
import dev.pledge.policy.names.PolicyVersion;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The policy, for everyone: what is declared as JSON, the notice for people as Markdown. */
final class PolicyEndpoints {
  private static final String MARKDOWN = "text/markdown; charset=utf-8";

  private final Pledge pledge;
  private final InstantSource clock;

  PolicyEndpoints(Pledge pledge, InstantSource clock) {
    this.pledge = pledge;
    this.clock = clock;
  }

  private Policies policies() {
    return pledge.policyFiles().policies();
  }

  Answer inForce(Call call) {
    return answer(call, policies().inForce(clock.instant()));
  }

  Answer version(Call call) {
    return answer(call, named(call.path().get("version")));
  }

  /** {@code emeet@2020-04-23}, or the version alone. */
  private Optional<CompiledPolicy> named(String text) {
    try {
      String id = policies().versions().getLast().version().policy();
      PolicyVersion version =
          text.contains("@") ? PolicyVersion.of(text) : new PolicyVersion(id, text);
      return policies().version(version);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private Answer answer(Call call, Optional<CompiledPolicy> found) {
    if (found.isEmpty()) {
      return Answer.problem(Call.NOT_FOUND, call.language());
    }
    Policy policy = found.get().source();
    return switch (Accepted.of(call.accept())) {
      case JSON -> Answer.json(200, PolicyJson.of(policy));
      case MARKDOWN ->
          notice(policy, call.language())
              .<Answer>map(
                  notice ->
                      Answer.text(MARKDOWN, notice.markdown())
                          .with("Content-Language", notice.language()))
              .orElseGet(() -> Answer.problem(Call.NOT_FOUND, call.language()));
      case NEITHER ->
          Answer.problem(
              Problem.of(
                  ProblemType.NOT_ACCEPTABLE,
                  "The policy is there as `application/json` and as `text/markdown`.",
                  "政策提供 `application/json` 与 `text/markdown` 两种形式。"),
              call.language());
    };
  }

  /** The notice in the language asked for, or in the policy's first. */
  private Optional<Notice> notice(Policy policy, Locale language) {
    List<Notice> notices =
        pledge.policyFiles().version(policy.version()).map(Sound::notices).orElse(List.of());
    return notices.stream()
        .filter(notice -> notice.language().equals(language.getLanguage()))
        .findFirst()
        .or(() -> notices.stream().findFirst());
  }

  private enum Accepted {
    JSON,
    MARKDOWN,
    NEITHER;

    /**
     * The first kind of the list that can be served, by the client's weights (RFC 9110 §12.5.1).
     */
    static Accepted of(String accept) {
      double json = weight(accept, "application/json", "application/*");
      double markdown = weight(accept, "text/markdown", "text/*");
      if (json <= 0 && markdown <= 0) {
        return NEITHER;
      }
      return markdown > json ? MARKDOWN : JSON;
    }

    private static double weight(String accept, String type, String range) {
      double best = -1;
      int bestPrecision = -1;
      for (String part : accept.split(",", -1)) {
        String[] pieces = part.strip().split(";", -1);
        String name = pieces[0].strip().toLowerCase(Locale.ROOT);
        int precision =
            name.equals(type) ? 2 : name.equals(range) ? 1 : name.equals("*/*") ? 0 : -1;
        if (precision > bestPrecision) {
          bestPrecision = precision;
          best = quality(pieces);
        }
      }
      return best;
    }

    private static double quality(String[] pieces) {
      return Stream.of(pieces)
          .skip(1)
          .map(String::strip)
          .filter(piece -> piece.matches("q=[01](\\.[0-9]{0,3})?"))
          .mapToDouble(piece -> Double.parseDouble(piece.substring(2)))
          .findFirst()
          .orElse(1);
    }
  }
}
