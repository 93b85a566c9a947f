package dev.pledge.policy.decision;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.RoleId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the policy about one person. Names are as the caller wrote them: whether the
 * policy declares them is the first thing decided, and a name it does not know is never repeated.
 *
 * @param purpose the purpose of a read or share; null for {@link Act#COLLECT}, which names none
 * @param conditions what the collector asserts to be true (I.3)
 * @param source where collected values come from (I.0); null unless collecting
 * @param channel the way of reaching the person, for purposes that have channels
 * @param handOver who receives what is shared; null unless sharing
 * @param reveal fields asked for in clear under a role's right to reveal
 * @param exception what a legal exception is invoked with (II.I.7)
 */
public record Question(
    Act act,
    Asker asker,
    @Nullable String purpose,
    String product,
    List<String> fields,
    Set<String> conditions,
    @Nullable String source,
    @Nullable String channel,
    @Nullable HandOver handOver,
    Justification justification,
    Set<String> reveal,
    @Nullable ExceptionUse exception) {

  public Question {
    fields = List.copyOf(fields);
    conditions = Set.copyOf(conditions);
    reveal = Set.copyOf(reveal);
  }

  /** Whether the actor said why this person's data is needed; the words are sealed in the log. */
  public enum Justification {
    NONE,
    GIVEN
  }

  /**
   * To whom values are handed (III.I.1), as the caller wrote it.
   *
   * @param destination the country they go to; null where the recipient has one only
   */
  public record HandOver(String recipient, @Nullable String destination) {}

  /**
   * A legal exception as invoked: {@code approver}, who holds {@code approverRoles} now, has
   * approved that the asker uses the fields named. That they have is verified by the caller of the
   * decision; that they are a person and someone else than the asker, by the decision.
   */
  public record ExceptionUse(
      ActorId approver,
      Asker.Kind approverKind,
      Set<RoleId> approverRoles,
      Set<String> fieldsNamed) {
    public ExceptionUse {
      approverRoles = Set.copyOf(approverRoles);
      fieldsNamed = Set.copyOf(fieldsNamed);
    }
  }

  /**
   * A plain read of {@code fields} for {@code purpose}, which whoever exercises a right need not
   * name.
   */
  public static Question read(
      Asker asker, @Nullable String purpose, String product, List<String> fields) {
    return new Question(
        Act.READ,
        asker,
        purpose,
        product,
        fields,
        Set.of(),
        null,
        null,
        null,
        Justification.NONE,
        Set.of(),
        null);
  }

  /** A plain collection of {@code fields} from {@code source}. */
  public static Question collect(
      Asker asker, String product, String source, Set<String> conditions, List<String> fields) {
    return new Question(
        Act.COLLECT,
        asker,
        null,
        product,
        fields,
        conditions,
        source,
        null,
        null,
        Justification.NONE,
        Set.of(),
        null);
  }

  /** The same question with a justification, asking to see {@code reveal} in clear. */
  public Question justified(Set<String> reveal) {
    return new Question(
        act,
        asker,
        purpose,
        product,
        fields,
        conditions,
        source,
        channel,
        handOver,
        Justification.GIVEN,
        reveal,
        exception);
  }

  /** The same question asked by {@code other}. */
  public Question by(Asker other) {
    return new Question(
        act,
        other,
        purpose,
        product,
        fields,
        conditions,
        source,
        channel,
        handOver,
        justification,
        reveal,
        exception);
  }

  /** The same question over {@code channel}. */
  public Question over(String channel) {
    return new Question(
        act,
        asker,
        purpose,
        product,
        fields,
        conditions,
        source,
        channel,
        handOver,
        justification,
        reveal,
        exception);
  }

  /** A read turned into handing the same to a recipient. */
  public Question handingOver(HandOver handOver) {
    return new Question(
        Act.SHARE,
        asker,
        purpose,
        product,
        fields,
        conditions,
        source,
        channel,
        handOver,
        justification,
        reveal,
        exception);
  }

  /** The same question under a legal exception. */
  public Question under(ExceptionUse exception) {
    return new Question(
        act,
        asker,
        purpose,
        product,
        fields,
        conditions,
        source,
        channel,
        handOver,
        justification,
        reveal,
        exception);
  }
}
