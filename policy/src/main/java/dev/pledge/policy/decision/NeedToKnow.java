package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which roles of an asker need what is asked, what they ask of their holder met, and how clearly
 * they see it (rule {@code NEED_TO_KNOW}, the roles' part of rule {@code VIEW}; IV.3). Also which
 * may look over what others ask (II.I.7).
 */
final class NeedToKnow {
  private final Role[] roles;
  private final Map<RoleId, Integer> roleIndex = new HashMap<>();

  /** Per role, the fields it may store and those it may reveal. */
  private final BitSet[] collects;

  private final BitSet[] mayReveal;

  /**
   * Per role, what it serves, by {@link #need}: the purposes, as {@link #collecting} whether it
   * stores anything, and for each recipient that it hands over to the purposes again.
   */
  private final BitSet[] serves;

  private final int collecting;

  NeedToKnow(Declarations declared, Recipients recipients) {
    this.roles = declared.source().roles().toArray(Role[]::new);
    this.collects = new BitSet[roles.length];
    this.mayReveal = new BitSet[roles.length];
    this.serves = new BitSet[roles.length];
    this.collecting = declared.purposeCount();
    for (int r = 0; r < roles.length; r++) {
      roleIndex.put(roles[r].id(), r);
      collects[r] = declared.bits(roles[r].collects());
      mayReveal[r] = declared.bits(roles[r].mayReveal());
      serves[r] = new BitSet(collecting + 1);
      serves[r].set(collecting, !collects[r].isEmpty());
      BitSet purposes = declared.purposeBits(roles[r].purposes());
      serves[r].or(purposes);
      for (int recipient = 0; recipient < recipients.count(); recipient++) {
        if (recipients.mayHandOver(roles[r].id(), recipient)) {
          BitSet handsOver = serves[r];
          int first = handingOver(recipient, 0);
          purposes.stream().forEach(purpose -> handsOver.set(first + purpose));
        }
      }
    }
  }

  private int handingOver(int recipient, int purpose) {
    return collecting + 1 + recipient * collecting + purpose;
  }

  /** What a role has to serve to ask the question. */
  int need(Question question, int purpose, int recipient) {
    return switch (question.act()) {
      case COLLECT -> collecting;
      case READ -> purpose;
      case SHARE ->
          recipient == UNDECLARED || purpose == UNDECLARED
              ? UNDECLARED
              : handingOver(recipient, purpose);
    };
  }

  /** Why the asker may not ask this at all, or null. */
  @Nullable Reason refusesWhole(Question question, int need, ProductId product) {
    Asker asker = question.asker();
    if (!asker.products().contains(product)) {
      return Reason.OTHER_PRODUCT;
    }
    // a right opens what is stored to whom it is about, and hands nothing to others
    boolean inOwnRight = asker.capacity() != Asker.Capacity.ROLE;
    return question.act() == Act.SHARE && inOwnRight
        ? Reason.NO_ROLE
        : missing(asker, serves, need);
  }

  /** Why the asker may not store the field, or null. */
  @Nullable Reason refusesToStore(Asker asker, int field) {
    return missing(asker, collects, field);
  }

  /** Why none of the asker's roles reads for the purpose, or null. */
  @Nullable Reason refusesToRead(Asker asker, int purpose) {
    return missing(asker, serves, purpose);
  }

  /** The roles of the asker that count for the question. */
  Set<RoleId> counted(Question question, int need) {
    return question.asker().roles().stream()
        .filter(id -> counts(question.asker(), roleIndex.get(id), need))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The most generous view of the asker's roles that count. */
  View sees(Asker asker, int need) {
    View sees = View.DE_IDENTIFIED;
    for (RoleId id : asker.roles()) {
      Integer role = roleIndex.get(id);
      if (role != null && counts(asker, role, need)) {
        View byRole = roles[role].sees();
        sees = byRole.compareTo(sees) < 0 ? byRole : sees;
      }
    }
    return sees;
  }

  /** Whether one of the asker's roles that count may see the field in clear when it has to. */
  boolean mayReveal(Asker asker, int need, int field) {
    for (RoleId id : asker.roles()) {
      Integer role = roleIndex.get(id);
      if (role != null && counts(asker, role, need) && mayReveal[role].get(field)) {
        return true;
      }
    }
    return false;
  }

  private boolean counts(Asker asker, @Nullable Integer role, int need) {
    return role != null
        && need != UNDECLARED
        && serves[role].get(need)
        && unmet(asker, role) == null;
  }

  /** What keeps every role of the asker from what {@code allowed} has at {@code index}, or null. */
  private @Nullable Reason missing(Asker asker, BitSet[] allowed, int index) {
    Reason reason = Reason.NO_ROLE;
    for (RoleId id : asker.roles()) {
      Integer role = roleIndex.get(id);
      if (role == null || !allowed[role].get(index)) {
        continue;
      }
      Reason unmet = unmet(asker, role);
      if (unmet == null) {
        return null;
      }
      // what the asker can mend is said first, whatever the order of the roles
      reason = reason == Reason.NO_UNDERTAKING ? reason : unmet;
    }
    return reason;
  }

  /** What the asker lacks to hold the role, or null. */
  private @Nullable Reason unmet(Asker asker, int role) {
    if (roles[role].heldBy() == HeldBy.SERVICE && asker.kind() != Asker.Kind.SERVICE) {
      return Reason.SERVICES_ONLY;
    }
    boolean signed = roles[role].undertaking().map(asker.undertakings()::contains).orElse(true);
    return signed ? null : Reason.NO_UNDERTAKING;
  }

  /** What keeps the asker from acting in the role, or null. */
  @Nullable Reason refusesToAct(Asker asker, RoleId id) {
    Integer role = roleIndex.get(id);
    return role == null || !asker.roles().contains(id) ? Reason.NO_OVERSIGHT : unmet(asker, role);
  }
}
