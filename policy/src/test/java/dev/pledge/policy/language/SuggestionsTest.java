package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.language.Suggestions.Suggestion;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.RoleId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a question probably means, in names of the policy alone. */
final class SuggestionsTest {
  private static final Policy EMEET = emeet();

  private static Policy emeet() {
    return ((Checked.Sound) PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet"))))
        .policy();
  }

  private static Asker holding(String role) {
    return new Asker(
        new ActorId("asker"),
        Asker.Kind.STAFF,
        Set.of(new RoleId(role)),
        Set.of(),
        Set.of(),
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        Asker.Reviews.IN_TIME);
  }

  @Test
  void whatIsDeclaredIsLeftAlone() {
    Question question =
        Question.read(holding("support-agent"), "promotion", "meeting", List.of("contact.email"))
            .over("email");
    assertThat(Suggestions.of(question, EMEET)).isEqualTo(new Suggestions(List.of(), Map.of()));
  }

  @Test
  void theNearestNamesAreSuggested() {
    Question question =
        Question.read(
                holding("suport-agent"),
                "promotoin",
                "meting",
                List.of("contact.email", "contact.emial", "phone", "no such thing at all"))
            .over("emial")
            .handingOver(new HandOver("nobody at all", null));
    assertThat(Suggestions.of(question, EMEET).names())
        .containsExactly(
            new Suggestion("purpose", "promotion"),
            new Suggestion("product", "meeting"),
            new Suggestion("channel", "email"),
            new Suggestion("roles", "support-agent"));
    assertThat(Suggestions.of(question, EMEET).fields())
        .isEqualTo(Map.of(1, "contact.email", 2, "contact.phone"));
  }

  @Test
  void soAreThoseOfACollection() {
    Question question =
        Question.collect(
            holding("support-agent"),
            "meeting",
            "product-user",
            Set.of("device-location-onn"),
            List.of("location.position"));
    assertThat(Suggestions.of(question, EMEET).names())
        .containsExactly(
            new Suggestion("source", "product-use"),
            new Suggestion("conditions", "device-location-on"));
  }
}
