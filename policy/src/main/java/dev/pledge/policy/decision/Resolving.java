package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the names of a question and settles all that does not depend on the person (rules {@code
 * DECLARED}, {@code NEED_TO_KNOW}, {@code PURPOSE}, {@code CONDITIONS} but for what the clock or
 * the person says, and {@code VIEW}; I.3, I.5, II.II.1, II.II.2, II.II.5, III.I.*, IV.3).
 */
final class Resolving {
  private final Declarations declared;
  private final Sources sources;
  private final Recipients recipients;
  private final NeedToKnow needToKnow;
  private final Rights rights;

  Resolving(
      Declarations declared,
      Sources sources,
      Recipients recipients,
      NeedToKnow needToKnow,
      Rights rights) {
    this.declared = declared;
    this.sources = sources;
    this.recipients = recipients;
    this.needToKnow = needToKnow;
    this.rights = rights;
  }

  Resolved resolve(Question question) {
    int[] asked = new int[question.fields().size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = orFirst(declared.fieldNamed(question.fields().get(i)));
    }
    int purpose = purposeOf(question);
    int product = orFirst(declared.productNamed(question.product()));
    int recipient = recipientOf(question);
    Reason refused =
        rights.isExercisedBy(question)
            ? Rights.refusesWhole(question, purpose, product)
            : refusesWhole(question, purpose, product, recipient);
    return refused == null
        ? settle(question, purpose, product, recipient, asked)
        : Resolved.refused(question, purpose, product, refused, asked);
  }

  /** The roles of the asker that count for the question. */
  Set<RoleId> counted(Question question) {
    return needToKnow.counted(
        question, needToKnow.need(question, purposeOf(question), recipientOf(question)));
  }

  private int purposeOf(Question question) {
    return question.purpose() == null
        ? UNDECLARED
        : orFirst(declared.purposeNamed(question.purpose()));
  }

  private int recipientOf(Question question) {
    if (question.act() != Act.SHARE) {
      return UNDECLARED;
    }
    int named = recipients.named(question.handOver());
    return recipients.count() == 0 ? UNDECLARED : orFirst(named);
  }

  /** Without rule DECLARED any name would pass for the first one declared. */
  private int orFirst(int index) {
    return index == UNDECLARED && !declared.keeps(Rule.DECLARED) ? 0 : index;
  }

  private @Nullable Reason refusesWhole(
      Question question, int purpose, int product, int recipient) {
    if (product == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    ProductId of = declared.product(product);
    Reason undeclared =
        question.act() == Act.COLLECT
            ? undeclaredSource(question)
            : undeclaredUse(question, purpose, of, recipient);
    if (undeclared != null) {
      return undeclared;
    }
    return declared.keeps(Rule.NEED_TO_KNOW)
        ? needToKnow.refusesWhole(question, needToKnow.need(question, purpose, recipient), of)
        : null;
  }

  private @Nullable Reason undeclaredSource(Question question) {
    String name = question.source();
    return (name != null && sources.knows(name)) || !declared.keeps(Rule.DECLARED)
        ? null
        : Reason.UNKNOWN_SOURCE;
  }

  private @Nullable Reason undeclaredUse(
      Question question, int purpose, ProductId product, int recipient) {
    if (purpose == UNDECLARED) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (question.act() == Act.SHARE && recipient == UNDECLARED) {
      return Reason.UNKNOWN_RECIPIENT;
    }
    if (!declared.keeps(Rule.DECLARED)) {
      return null;
    }
    if (!declared.isOf(purpose, product)) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    return namesItsChannel(question, purpose) ? null : Reason.UNKNOWN_CHANNEL;
  }

  /** A purpose with channels is asked for over one of them, any other over none. */
  private boolean namesItsChannel(Question question, int purpose) {
    return declared.purpose(purpose).channels().isEmpty()
        ? question.channel() == null
        : declared.channelOf(question, purpose) != null;
  }

  private Resolved settle(Question question, int purpose, int product, int recipient, int[] asked) {
    boolean isUse = question.act() != Act.COLLECT && !rights.isExercisedBy(question);
    ChannelId channel = isUse ? declared.channelOf(question, purpose) : null;
    View sees = isUse ? seenByRoles(question, purpose, recipient) : View.CLEAR;
    byte[] settled = new byte[asked.length];
    for (int i = 0; i < asked.length; i++) {
      byte first = first(question, asked[i]);
      if (first != Verdict.NONE) {
        settled[i] = first;
      } else if (isUse) {
        settled[i] = use(question, purpose, recipient, channel, sees, asked[i]);
      } else {
        settled[i] =
            question.act() == Act.COLLECT
                ? conditionsOf(question, asked[i])
                : Rights.verdict(question.asker(), declared.categoryOf(asked[i]));
      }
    }
    return new Resolved(
        question,
        purpose,
        product,
        recipient,
        null,
        channel,
        asked,
        settled,
        isUse ? sensitive(purpose, asked, settled) : Resolved.NOWHERE,
        false);
  }

  private int[] sensitive(int purpose, int[] asked, byte[] settled) {
    int count = 0;
    for (int i = 0; i < asked.length; i++) {
      count += waits(purpose, asked[i], settled[i]) ? 1 : 0;
    }
    int[] places = count == 0 ? Resolved.NOWHERE : new int[count];
    for (int i = asked.length - 1; count > 0; i--) {
      if (waits(purpose, asked[i], settled[i])) {
        places[--count] = i;
      }
    }
    return places;
  }

  /** Whether the field waits for explicit consent and no rule up to that one refuses it before. */
  private boolean waits(int purpose, int field, byte settled) {
    return !Verdict.refusesUpTo(Rule.CONSENT, settled) && declared.asksForSensitive(purpose, field);
  }

  private byte first(Question question, int field) {
    if (field == UNDECLARED) {
      return Verdict.of(Reason.UNKNOWN_FIELD);
    }
    return question.act() == Act.COLLECT && declared.keeps(Rule.NEED_TO_KNOW)
        ? Verdict.orNone(needToKnow.refusesToStore(question.asker(), field))
        : Verdict.NONE;
  }

  /** Rule PURPOSE, of rule CONSENT what an order names, and rules CONDITIONS and VIEW. */
  private byte use(
      Question question,
      int purpose,
      int recipient,
      @Nullable ChannelId channel,
      View sees,
      int field) {
    if (!declared.uses(purpose, field) && declared.keeps(Rule.PURPOSE)) {
      return Verdict.of(Reason.NOT_LISTED);
    }
    if (!declared.opensOver(field, channel)) {
      return Verdict.of(Reason.OTHER_CHANNEL);
    }
    boolean outsideOrder =
        declared.keeps(Rule.CONSENT)
            && ExceptionalUse.isOutsideOrder(
                declared.purpose(purpose), question, declared.field(field).id());
    if (outsideOrder) {
      return Verdict.of(Reason.NOT_IN_ORDER);
    }
    Reason unshared =
        recipient != UNDECLARED && declared.keeps(Rule.CONDITIONS)
            ? recipients.neverReceives(recipient, question.handOver(), purpose, field)
            : null;
    return unshared == null
        ? viewOf(question, purpose, recipient, sees, field)
        : Verdict.of(unshared);
  }

  /** Rule CONDITIONS at collection; the agreement's dates need the clock and are asked later. */
  private byte conditionsOf(Question question, int field) {
    if (declared.keeps(Rule.CONDITIONS)) {
      for (ConditionId condition : declared.categoryOf(field).requires()) {
        if (!question.conditions().contains(condition.value())) {
          return Verdict.of(Reason.CONDITION_MISSING);
        }
      }
    }
    return Verdict.of(View.CLEAR);
  }

  /** Of rule VIEW, how clearly the asker's roles see what they do not reveal. */
  private View seenByRoles(Question question, int purpose, int recipient) {
    return declared.keeps(Rule.VIEW)
        ? needToKnow.sees(question.asker(), needToKnow.need(question, purpose, recipient))
        : View.CLEAR;
  }

  /**
   * Rule VIEW: the most generous eligible role, then no more than the purpose allows, and clear for
   * a human being only for a reason given.
   */
  private byte viewOf(Question question, int purpose, int recipient, View sees, int field) {
    if (!declared.keeps(Rule.VIEW)) {
      return Verdict.of(View.CLEAR);
    }
    Policy.Field asked = declared.field(field);
    Purpose served = declared.purpose(purpose);
    boolean justified = question.justification() == Question.Justification.GIVEN;
    boolean reveals =
        justified
            && question.reveal().contains(asked.id().toString())
            && needToKnow.mayReveal(
                question.asker(), needToKnow.need(question, purpose, recipient), field);
    View view = (reveals ? View.CLEAR : sees).or(served.view());
    if (!justified && question.asker().kind() != Asker.Kind.SERVICE) {
      view = view.or(View.MASKED);
    }
    return view == View.DE_IDENTIFIED && asked.type().identifiesDirectly()
        ? Verdict.of(Reason.DIRECT_IDENTIFIER)
        : Verdict.of(view);
  }
}
