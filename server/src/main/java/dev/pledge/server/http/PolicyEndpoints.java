package dev.pledge.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pledge.engine.Pledge;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.document.PolicyDocument;
import dev.pledge.policy.document.PolicyDocument.Translation;
import dev.pledge.policy.document.Style;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The policy, for everyone: as JSON for programs, as a page and as Markdown for people. */
final class PolicyEndpoints {
  private static final Style.Inside STYLE = Style.inside();
  private static final String ONLY_ITS_STYLE = STYLE.contentPolicy() + "; frame-ancestors 'none'";

  /** Of documents that were asked for, in bytes. */
  private static final long MOST_KEPT = 16L << 20;

  private static final Problem NO_SUCH_FORM =
      Problem.of(
          ProblemType.NOT_ACCEPTABLE,
          "The policy is there as `application/json`, as `text/html` and as `text/markdown`.",
          "政策提供 `application/json`、`text/html` 与 `text/markdown` 三种形式。");

  private final Pledge pledge;
  private final InstantSource clock;

  /** A version never changes, so neither do its documents. */
  private final Cache<Asked, Tagged> documents =
      Caffeine.newBuilder()
          .maximumWeight(MOST_KEPT)
          .<Asked, Tagged>weigher((_, document) -> document.body().length)
          .build();

  /** Which document is asked for. */
  private record Asked(PolicyVersion version, Form form, String language, ProductId product) {
    String type() {
      return switch (form) {
        case JSON -> Answer.JSON;
        case HTML -> "text/html; charset=utf-8";
        case MARKDOWN -> "text/markdown; charset=utf-8";
      };
    }
  }

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
    Optional<Form> form = Form.preferred(call.accept());
    Answer.Whole answer =
        form.isEmpty()
            ? Answer.problem(NO_SUCH_FORM, call.language())
            : switch (form.get()) {
              case JSON -> json(call, policy);
              case HTML, MARKDOWN -> document(call, policy, form.get());
            };
    return answer.with("Vary", "Accept, Accept-Language");
  }

  /** The JSON is the same in every language. */
  private Answer.Whole json(Call call, Policy policy) {
    Asked asked =
        new Asked(
            policy.version(), Form.JSON, policy.languages().getFirst(), product(call, policy));
    return documents
        .get(asked, _ -> Tagged.of(Json.body(PolicyJson.of(policy, asked.product()))))
        .answer(call, asked.type());
  }

  private Answer.Whole document(Call call, Policy policy, Form form) {
    Optional<Sound> whole = pledge.policyFiles().version(policy.version());
    if (whole.isEmpty()) {
      return Answer.problem(Call.NOT_FOUND, call.language());
    }
    Asked asked = new Asked(policy.version(), form, language(call, policy), product(call, policy));
    Answer.Whole answer =
        documents
            .get(asked, _ -> Tagged.of(rendered(whole.get(), asked)))
            .answer(call, asked.type());
    return (form == Form.HTML ? answer.with("Content-Security-Policy", ONLY_ITS_STYLE) : answer)
        .with("Content-Language", asked.language());
  }

  private static byte[] rendered(Sound whole, Asked asked) {
    PolicyDocument document = PolicyDocument.of(whole, asked.language(), asked.product());
    String text =
        asked.form() == Form.HTML
            ? document.html(STYLE, translations(whole.policy(), asked))
            : document.markdown();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The same page at the same address, with another language named. */
  private static List<Translation> translations(Policy policy, Asked asked) {
    return policy.languages().stream()
        .filter(language -> !language.equals(asked.language()))
        .map(
            language ->
                new Translation(
                    language, "?language=" + language + "&product=" + asked.product().value()))
        .toList();
  }

  /** The language named, or else the one that fits the client best, or the policy's first. */
  private static String language(Call call, Policy policy) {
    String named = call.optionalQuery("language");
    if (named != null) {
      return known("language", named, policy.languages());
    }
    return Languages.preferred(call.acceptLanguage(), policy.languages())
        .orElseGet(() -> policy.languages().getFirst());
  }

  private static ProductId product(Call call, Policy policy) {
    String named = call.optionalQuery("product");
    List<String> products = PolicyDocument.products(policy).stream().map(ProductId::value).toList();
    return new ProductId(
        named == null ? CompiledPolicy.GENERAL : known("product", named, products));
  }

  private static String known(String parameter, String named, List<String> there) {
    if (there.contains(named)) {
      return named;
    }
    String all = "`" + String.join("`, `", there) + "`";
    throw Problem.of(
            ProblemType.BAD_REQUEST,
            "The parameter `" + parameter + "` is one of " + all + ".",
            "参数 `" + parameter + "` 应为以下之一：" + all + "。")
        .found();
  }
}
