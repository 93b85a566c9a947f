package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AliasTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private Found find(String kind, Object alias) {
    return PLEDGE.pledge().find(scene.backend, kind, alias, "authentication", "meeting");
  }

  private Found numbered(String product, String number) {
    return PLEDGE.pledge().find(scene.backend, "external", number, "authentication", product);
  }

  private void findsNumbered(SubjectId person, String product, String number) {
    assertThat(numbered(product, number))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(person));
  }

  /** A number no product has given out in these tests. */
  private static String number() {
    return "n-" + NUMBERS.incrementAndGet();
  }

  /** A person whom `meeting` knows by the one number and `calendar` by the other. */
  private SubjectId known(String inMeeting, String inCalendar) {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("external", inMeeting));
    joinCalendar(person);
    give(person, "calendar", inCalendar);
    return person;
  }

  private void joinCalendar(SubjectId person) {
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, c -> c.join(person, "calendar", TestPledge.acceptance())))
        .isInstanceOf(Outcome.Done.class);
  }

  private Collected give(SubjectId person, String product, String number) {
    return scene.collect(
        scene.backend,
        person,
        Scene.from(product, "person", Map.of("account.external-id", number)));
  }

  private FieldAnswer number(SubjectId person, String product) {
    return ((ReadAnswer.Answer)
            PLEDGE
                .pledge()
                .read(
                    ReadRequest.of(
                        scene.backend, "authentication", product, List.of("account.external-id")),
                    person))
        .fields()
        .getFirst();
  }

  private static Object shown(FieldAnswer answer) {
    return ((FieldAnswer.Shown) answer).values().getFirst().json();
  }

  private static long aliases(SubjectId person) {
    return PLEDGE
        .database()
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from alias where subject_id = :person")
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
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

  // --------------------------------------------------------------------------- a product's number

  @Test
  @Clause({"I.1", "II.I.9"})
  void eachProductFindsByItsOwnNumberAlone() {
    String meeting = number();
    String calendar = number();
    SubjectId person = known(meeting, calendar);
    findsNumbered(person, "meeting", meeting);
    findsNumbered(person, "calendar", calendar);
    scene.grant(person, "pooling");
    assertThat(numbered("meeting", calendar)).isInstanceOf(Found.Nobody.class);
    assertThat(numbered("calendar", meeting)).isInstanceOf(Found.Nobody.class);
    assertThat(shown(number(person, "meeting"))).isEqualTo(meeting);
    assertThat(shown(number(person, "calendar"))).isEqualTo(calendar);
    findsNumbered(person, "meeting", meeting);
    findsNumbered(person, "calendar", calendar);
  }

  @Test
  @Clause("V.1")
  void correctingOneProductsNumberLeavesTheOther() {
    String old = number();
    String calendar = number();
    SubjectId person = known(old, calendar);
    String corrected = number();
    give(person, "meeting", corrected);
    findsNumbered(person, "meeting", corrected);
    assertThat(numbered("meeting", old)).isInstanceOf(Found.Nobody.class);
    findsNumbered(person, "calendar", calendar);
    assertThat(aliases(person)).isEqualTo(2);
  }

  @Test
  void oneNumberInTwoProductsMayBeTwoPeople() {
    String number = number();
    SubjectId one = PLEDGE.adult(scene.backend, Map.of("external", number));
    SubjectId other = known(number(), number);
    findsNumbered(one, "meeting", number);
    findsNumbered(other, "calendar", number);
    assertThat(give(other, "meeting", number)).isInstanceOf(Collected.AliasTaken.class);
    joinCalendar(one);
    assertThat(give(one, "calendar", number)).isInstanceOf(Collected.AliasTaken.class);
  }

  @Test
  void oneNumberInTwoProductsMayBeOnePerson() {
    String number = number();
    SubjectId person = known(number, number);
    findsNumbered(person, "meeting", number);
    findsNumbered(person, "calendar", number);
    assertThat(aliases(person)).isEqualTo(2);
  }

  @Test
  @Clause("II.I.9")
  void anotherProductsNumberIsSeenOnlyWithPooling() {
    String meeting = number();
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("external", meeting));
    joinCalendar(person);
    assertThat(((FieldAnswer.Withheld) number(person, "calendar")).why().code())
        .isEqualTo("not-pooled");
    scene.grant(person, "pooling");
    assertThat(shown(number(person, "calendar"))).isEqualTo(meeting);
    assertThat(numbered("calendar", meeting)).isInstanceOf(Found.Nobody.class);
  }

  @Test
  @Clause("V.1")
  void deletingTheFieldOrThePersonRemovesEveryNumber() {
    String meeting = number();
    String calendar = number();
    SubjectId person = known(meeting, calendar);
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.delete(person, List.of("account.external-id")));
    assertThat(aliases(person)).isZero();
    assertThat(numbered("meeting", meeting)).isInstanceOf(Found.Nobody.class);
    assertThat(numbered("calendar", calendar)).isInstanceOf(Found.Nobody.class);
    SubjectId other = known(meeting, calendar);
    PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(other));
    assertThat(aliases(other)).isZero();
    assertThat(numbered("calendar", calendar)).isInstanceOf(Found.Nobody.class);
    findsNumbered(known(meeting, calendar), "calendar", calendar);
  }
}
