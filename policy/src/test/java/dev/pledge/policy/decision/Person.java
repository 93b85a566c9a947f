package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A person's state being told as a story: each answer comes after those before it. */
final class Person {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  private static final SubjectId ID =
      new SubjectId(UUID.fromString("0190a6d5-9c1e-7000-8000-000000000001"));

  private Instant now = NOW;
  private Status status = Status.ACTIVE;
  private Age age = Age.ADULT;
  private Optional<PolicyVersion> accepted = Optional.of(new PolicyVersion("house", "1"));
  private PolicyVersion answering = new PolicyVersion("house", "1");
  private final List<Membership> memberships = new ArrayList<>();
  private final List<Choice> choices = new ArrayList<>();
  private final Set<FieldId> suppressed = new HashSet<>();

  private Person() {}

  /** An adult who uses `meeting` and has accepted version 1. */
  static Person member() {
    return stranger().joined("meeting");
  }

  /** An adult who has accepted version 1 and uses no product. */
  static Person stranger() {
    return new Person();
  }

  /** An adult who has accepted that version, answers under it, and uses no product. */
  static Person under(PolicyVersion version) {
    Person person = new Person();
    person.accepted = Optional.of(version);
    person.answering = version;
    return person;
  }

  Person at(Instant now) {
    this.now = now;
    return this;
  }

  Person at(String now) {
    return at(Instant.parse(now));
  }

  Person aged(Age age) {
    this.age = age;
    return this;
  }

  Person is(Status status) {
    this.status = status;
    return this;
  }

  Person accepted(String version) {
    this.accepted = Optional.of(new PolicyVersion("house", version));
    return this;
  }

  Person notAccepted() {
    this.accepted = Optional.empty();
    return this;
  }

  /** Has an account with the product and uses it on the day of {@link #NOW}. */
  Person joined(String product) {
    return holds(new Membership(new ProductId(product), null, TODAY));
  }

  /** Has an account with the product, last used on that day. */
  Person lastUsed(String product, String day) {
    memberships.removeIf(membership -> membership.product().value().equals(product));
    return holds(new Membership(new ProductId(product), null, LocalDate.parse(day)));
  }

  Person closed(String product, String at) {
    memberships.removeIf(membership -> membership.product().value().equals(product));
    Instant closed = Instant.parse(at);
    LocalDate used = LocalDate.ofInstant(closed, ZoneOffset.UTC);
    return holds(new Membership(new ProductId(product), closed, used));
  }

  Person holds(Membership membership) {
    memberships.add(membership);
    return this;
  }

  Person removed(String field) {
    suppressed.add(FieldId.of(field));
    return this;
  }

  /** What follows is answered under another version. */
  Person underVersion(String version) {
    this.answering = new PolicyVersion("house", version);
    return this;
  }

  Person grants(String purpose) {
    return answers(By.SELF, Answer.GRANTED, purpose, "meeting", null, Coverage.ORDINARY);
  }

  Person grants(String purpose, String product, String channel) {
    return answers(By.SELF, Answer.GRANTED, purpose, product, channel, Coverage.ORDINARY);
  }

  Person grantsSensitive(String purpose) {
    return answers(By.SELF, Answer.GRANTED, purpose, "meeting", null, Coverage.SENSITIVE);
  }

  /** Grants while a child, as the gate records it. */
  Person grantsAsAChild(String purpose) {
    return answers(By.CHILD, Answer.GRANTED, purpose, "meeting", null, Coverage.ORDINARY);
  }

  /** Withdraws for all products, channels and data. */
  Person withdraws(String purpose) {
    return withdraws(purpose, null, null);
  }

  Person withdraws(String purpose, String product, String channel) {
    return answers(By.SELF, Answer.WITHDRAWN, purpose, product, channel, Coverage.ALL);
  }

  Person guardianGrants(String purpose) {
    return answers(By.GUARDIAN, Answer.GRANTED, purpose, "meeting", null, Coverage.ORDINARY);
  }

  Person guardianGrantsSensitive(String purpose) {
    return answers(By.GUARDIAN, Answer.GRANTED, purpose, "meeting", null, Coverage.SENSITIVE);
  }

  Person guardianWithdraws(String purpose) {
    return answers(By.GUARDIAN, Answer.WITHDRAWN, purpose, null, null, Coverage.ALL);
  }

  Person answers(
      By by, Answer answer, String purpose, String product, String channel, Coverage coverage) {
    long order = choices.size() + 1L;
    choices.add(
        new Choice(
            purpose,
            product == null ? null : new ProductId(product),
            channel == null ? null : new ChannelId(channel),
            coverage,
            answer,
            by,
            answering,
            now,
            order,
            entry(order)));
    return this;
  }

  /** The log entry of the answer so numbered, from 1. */
  static UUID entry(long order) {
    return new UUID(0x0190a6d59c1e7000L, order);
  }

  SubjectState state() {
    return new SubjectState(ID, 1, now, status, memberships, accepted, age, choices, suppressed);
  }
}
