package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AliasTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);

  private Found find(String kind, Object alias) {
    return PLEDGE.pledge().find(scene.backend, kind, alias, "authentication", "meeting");
  }

  private void finds(SubjectId person, String kind, Object alias) {
    assertThat(find(kind, alias))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(person));
  }

  @Test
  @Clause("II.I.1")
  void aPersonIsFoundHoweverTheAliasIsWritten() {
    SubjectId person =
        PLEDGE.adult(
            scene.backend,
            Map.of("email", "Jürgen.Groß@Exämple.com", "phone", "+86 138 1111 2222"));
    finds(person, "email", "jürgen.groß@exämple.com");
    finds(person, "email", "JÜRGEN.GROß@xn--exmple-cua.com");
    finds(person, "email", "Ju\u0308rgen.Groß@exa\u0308mple.com");
    finds(person, "phone", "+8613811112222");
    finds(person, "phone", "+86 (138) 1111-2222");
    assertThat(find("phone", "+86 138 1111 2223")).isInstanceOf(Found.Nobody.class);
    assertThat(find("email", "nobody at all")).isInstanceOf(Found.Malformed.class);
    assertThat(find("fax", "+86 138 1111 2222")).isInstanceOf(Found.Malformed.class);
  }

  @Test
  void anAliasBelongsToOnePersonAndTheAnswerNamesNoOne() {
    PLEDGE.adult(scene.backend, Map.of("phone", "+8613911112222"));
    Registered second =
        scene.register(
            scene.backend,
            new Registration(
                "meeting",
                Map.of("phone", "+86 139-1111-2222"),
                LocalDate.of(1990, 1, 1),
                TestPledge.acceptance(),
                List.of(),
                null));
    assertThat(second).isInstanceOf(Registered.AliasTaken.class);
  }

  @Test
  void malformedAndUnknownAliasesAreRefusedEachByItself() {
    Registered refused =
        scene.register(
            scene.backend,
            new Registration(
                "meeting",
                Map.of("email", "no address", "fax", "1", "phone", "+8613811113333"),
                LocalDate.of(1990, 1, 1),
                TestPledge.acceptance(),
                List.of(),
                null));
    assertThat(((Registered.AliasesRefused) refused).refusals())
        .extracting(FieldRefusal::code)
        .containsExactlyInAnyOrder("choice", "email");
    assertThat(find("phone", "+8613811113333")).isInstanceOf(Found.Nobody.class);
  }

  @Test
  @Clause("IV.3")
  void whoMayNotUseTheAliasIsToldNothing() {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", "told@example.com"));
    Caller analyst = scene.staff("analyst-a", "analyst");
    assertThat(
            PLEDGE.pledge().find(analyst, "email", "told@example.com", "authentication", "meeting"))
        .isInstanceOf(Found.Refused.class);
    assertThat(
            PLEDGE
                .pledge()
                .find(scene.backend, "email", "told@example.com", "profiling", "meeting"))
        .isInstanceOf(Found.Refused.class);
    assertThat(
            PLEDGE.pledge().find(scene.backend, "email", "told@example.com", "settings", "meeting"))
        .isInstanceOf(Found.Nobody.class);
    finds(person, "email", "told@example.com");
  }

  @Test
  @Clause("V.1")
  void aCorrectedAliasTakesThePlaceOfTheOldOne() {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", "old@example.com"));
    scene.collect(person, Map.of("contact.email", "new@example.com"));
    finds(person, "email", "new@example.com");
    assertThat(find("email", "old@example.com")).isInstanceOf(Found.Nobody.class);
    PLEDGE.adult(scene.backend, Map.of("email", "old@example.com"));
  }
}
