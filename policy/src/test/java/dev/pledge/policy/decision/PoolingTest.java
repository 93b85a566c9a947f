package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rule POOLING: another product's data needs the person's authorisation. */
final class PoolingTest {
  private static final String THEN = "2026-11-01T00:00:00Z";
  private static final Question SERVICE = read(backend(), "customer-service", "device.model");

  private static Person both() {
    return Person.member().joined("notes");
  }

  @Test
  @Clause("II.I.9")
  void anotherProductsDataNeedsAuthorisation() {
    assertThat(value(SERVICE, both(), "meeting", THEN)).isEqualTo("clear");
    assertThat(value(SERVICE, both(), "notes", THEN)).isEqualTo("not-pooled");
    assertThat(value(SERVICE, pooling("notes"), "notes", THEN)).isEqualTo("clear");
  }

  @Test
  @Clause("II.I.9")
  void anAuthorisationCoversOnlyTheProductItNames() {
    assertThat(value(SERVICE, pooling("meeting"), "notes", THEN)).isEqualTo("not-pooled");
    assertThat(value(SERVICE, pooling(null), "notes", THEN)).isEqualTo("not-pooled");
  }

  @Test
  @Clause({"II.I.9", "V.2"})
  void aWithdrawnAuthorisationNoLongerPools() {
    Person person = pooling("notes").withdraws(CompiledPolicy.POOLING);
    assertThat(value(SERVICE, person, "notes", THEN)).isEqualTo("not-pooled");
  }

  @Test
  @Clause("II.I.9")
  void aChildsDataIsPooledOnlyByTheGuardian() {
    Person child = pooling("notes").aged(Age.MINOR).guardianGrants("customer-service");
    assertThat(value(SERVICE, child, "notes", THEN)).isEqualTo("not-pooled");
    child.answers(
        SubjectState.By.GUARDIAN,
        SubjectState.Answer.GRANTED,
        CompiledPolicy.POOLING,
        "notes",
        null,
        SubjectState.Coverage.ORDINARY);
    assertThat(value(SERVICE, child, "notes", THEN)).isEqualTo("clear");
  }

  @Test
  void aValueNamesTheAuthorisationItRestsOn() {
    Person person = pooling("notes");
    Permit service = (Permit) policies().decide(SERVICE, person.state());
    assertThat(service.pooledBy(0, new ProductId("notes"))).containsExactly(Person.entry(1));
    assertThat(service.pooledBy(0, new ProductId("meeting"))).isEmpty();
    assertThat(pooledBy(read(backend(), "customer-service", "contact.email"), person)).isEmpty();
    assertThat(pooledBy(read(backend(), "security", "log.line"), person)).isEmpty();
    assertThat(pooledBy(read(themselves(), null, "device.model"), person)).isEmpty();
  }

  private static Set<UUID> pooledBy(Question question, Person person) {
    Permit permit = (Permit) policies().decide(question, person.state());
    return permit.pooledBy(0, new ProductId("notes"));
  }

  @Test
  void accountWideDataIsEveryProducts() {
    Question email = read(backend(), "customer-service", "contact.email");
    assertThat(value(email, both(), "notes", THEN)).isEqualTo("clear");
  }

  @Test
  void securityAndLawDoNotStopAtProductBorders() {
    assertThat(value(read(backend(), "security", "log.line"), both(), "notes", THEN))
        .isEqualTo("clear");
    assertThat(value(read(backend(), "archive", "log.line"), both(), "notes", THEN))
        .isEqualTo("clear");
    Question emergency = read(agent(), "safety-of-life", "location.position").justified(Set.of());
    assertThat(value(emergency, both(), "notes", THEN)).isEqualTo("masked");
  }

  @Test
  @Clause("II.I.9")
  void whereThePolicyPoolsNothingNoAuthorisationHelps() {
    Policies policies = policies(List.of(draft().pooling(Policy.Pooling.NEVER).build()));
    Decision decision = policies.decide(SERVICE, pooling("notes").state());
    assertThat(Outcome.ofValue(decision, "notes", Instant.parse(THEN))).isEqualTo("not-pooled");
  }

  private static Person pooling(String product) {
    return both().grants(CompiledPolicy.POOLING, product, null);
  }

  @Test
  @Clause("II.II.3")
  void aClosedProductsDataIsNoLongerPooled() {
    Person person = pooling("notes").closed("notes", "2026-11-20T00:00:00Z");
    assertThat(value(SERVICE, person, "notes", THEN)).isEqualTo("account-closed");
    assertThat(value(read(backend(), "security", "device.model"), person, "notes", THEN))
        .isEqualTo("account-closed");
    assertThat(value(read(backend(), "archive", "log.line"), person, "notes", THEN))
        .isEqualTo("clear");
  }

  @Test
  @Clause("II.II.3")
  void theDataOfAProductThePersonDoesNotUseIsNotUsed() {
    Person person = Person.member().grants(CompiledPolicy.POOLING, "notes", null);
    assertThat(value(SERVICE, person, "notes", THEN)).isEqualTo("not-a-member");
  }
}
