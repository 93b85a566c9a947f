package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
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

  /** Per role, the purposes it serves, and as {@link #collecting} whether it stores anything. */
  private final BitSet[] serves;

  private final int collecting;

  NeedToKnow(Declarations declared) {
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
      for (PurposeId purpose : roles[r].purposes()) {
        int index = declared.purposeNamed(purpose.value());
        if (index != Declarations.UNDECLARED) {
          serves[r].set(index);
        }
      }
    }
  }

  /** Why the asker may not ask this at all, or null. */
  @Nullable Reason refusesWhole(Question question, int purpose, ProductId product) {
    Asker asker = question.asker();
    return asker.products().contains(product)
        ? missing(asker, serves, need(question, purpose))
        : Reason.OTHER_PRODUCT;
  }

  /** Why the asker may not store the field, or null. */
  @Nullable Reason refusesToStore(Asker asker, int field) {
    return missing(asker, collects, field);
  }

  /** The roles of the asker that count for the question. */
  Set<RoleId> counted(Question question, int purpose) {
    int need = need(question, purpose);
    return question.asker().roles().stream()
        .filter(id -> counts(question.asker(), roleIndex.get(id), need))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The most generous view of the asker's roles that serve the purpose. */
  View sees(Question question, int purpose, int field, boolean reveals) {
    View sees = View.DE_IDENTIFIED;
    for (RoleId id : question.asker().roles()) {
      Integer role = roleIndex.get(id);
      if (role != null && counts(question.asker(), role, purpose)) {
        View byRole = reveals && mayReveal[role].get(field) ? View.CLEAR : roles[role].sees();
        sees = byRole.compareTo(sees) < 0 ? byRole : sees;
      }
    }
    return sees;
  }

  private int need(Question question, int purpose) {
    return question.act() == Act.COLLECT ? collecting : purpose;
  }

  private boolean counts(Asker asker, @Nullable Integer role, int need) {
    return role != null
        && need != Declarations.UNDECLARED
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
