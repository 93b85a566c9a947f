package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Policy.TellPerson.AT_ONCE;

import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Changes to a policy that let it allow less, or at least nothing more. */
final class Narrowing {
  private final Chance chance;

  Narrowing(Chance chance) {
    this.chance = chance;
  }

  /** The policy with a few of its terms narrowed, as its next version. */
  Policy next(Policy policy, LocalDate effective) {
    Policy next = policy;
    int changes = 1 + chance.below(4);
    for (int i = 0; i < changes; i++) {
      next = narrower(next);
    }
    return asNext(next, effective);
  }

  private Policy asNext(Policy next, LocalDate effective) {
    Map<ProductId, Policy> own = new HashMap<>();
    next.own().forEach((product, terms) -> own.put(product, asNext(terms, effective)));
    return new Policy(
        new PolicyVersion(next.version().policy(), "next"),
        effective,
        next.grace(),
        next.controller(),
        next.jurisdictions(),
        next.languages(),
        next.products(),
        next.categories(),
        next.purposes(),
        next.roles(),
        next.sources(),
        next.sharing(),
        next.pooling(),
        next.retention(),
        next.dormancy(),
        next.minors(),
        next.duties(),
        own);
  }

  /** Narrower for all, or in the terms of one product. */
  private Policy narrower(Policy policy) {
    if (policy.own().isEmpty() || chance.percent(50)) {
      return narrowerForAll(policy);
    }
    Map<ProductId, Policy> own = new HashMap<>(policy.own());
    ProductId product = chance.one(own.keySet());
    own.put(product, narrowerForAll(own.get(product)));
    return policy.with(own);
  }

  private Policy narrowerForAll(Policy policy) {
    return switch (chance.below(11)) {
      case 0 -> withoutAPurpose(policy);
      case 1 -> withoutARole(policy);
      case 2 -> onePurpose(policy, p -> like(p, chance.some(60, p.uses()), p.view(), p.products()));
      case 3 -> onePurpose(policy, p -> like(p, p.uses(), View.DE_IDENTIFIED, p.products()));
      case 4 -> onePurpose(policy, p -> like(p, p.uses(), p.view(), fewer(policy, p.products())));
      case 5 -> oneRole(policy, this::narrower);
      case 6 -> like(policy, policy.purposes(), policy.roles(), Pooling.NEVER, policy.retention());
      case 7 -> withoutARecipient(policy);
      case 8 -> oneRecipient(policy);
      case 9 -> onePurpose(policy, this::moreAsked);
      default -> {
        List<Retention> retention = new ArrayList<>(policy.retention());
        Set<FieldId> of =
            chance.some(40, chance.one(policy.categories()).fields()).stream()
                .map(Policy.Field::id)
                .collect(Collectors.toSet());
        retention.add(
            new Retention(
                of, Period.ofDays(1 + chance.below(90)), chance.one(From.class), Optional.empty()));
        yield like(policy, policy.purposes(), policy.roles(), policy.pooling(), retention);
      }
    };
  }

  Policy withoutAPurpose(Policy policy) {
    List<Purpose> purposes = new ArrayList<>(policy.purposes());
    purposes.remove(chance.below(purposes.size()));
    return like(policy, purposes, policy.roles(), policy.pooling(), policy.retention());
  }

  Policy withoutARole(Policy policy) {
    List<Role> roles = new ArrayList<>(policy.roles());
    roles.remove(chance.below(roles.size()));
    return like(policy, policy.purposes(), roles, policy.pooling(), policy.retention());
  }

  Policy withoutARecipient(Policy policy) {
    List<Recipient> recipients = new ArrayList<>(policy.sharing().recipients());
    if (!recipients.isEmpty()) {
      recipients.remove(chance.below(recipients.size()));
    }
    return like(policy, like(policy.sharing(), recipients));
  }

  /** One recipient receives less, in fewer countries, from fewer hands and for a shorter time. */
  private Policy oneRecipient(Policy policy) {
    List<Recipient> recipients = new ArrayList<>(policy.sharing().recipients());
    if (recipients.isEmpty()) {
      return policy;
    }
    int one = chance.below(recipients.size());
    Recipient wide = recipients.get(one);
    recipients.set(
        one,
        new Recipient(
            wide.id(),
            wide.clause(),
            wide.kind(),
            wide.company(),
            Sharing.LegalRole.PROCESSOR,
            wide.sharedBecause(),
            wide.destinations(), // of one destination alone it need not be named
            wide.safeguards(),
            chance.some(80, wide.purposes()),
            chance.some(80, wide.fields()),
            chance.some(80, wide.handedOverBy()),
            wide.agreement()
                .map(a -> new Sharing.Agreement(a.version(), a.from(), a.until().minusDays(1)))));
    return like(policy, like(policy.sharing(), recipients));
  }

  /** The same policy in another order of its file. */
  Policy reordered(Policy policy) {
    Map<ProductId, Policy> own = new HashMap<>();
    policy.own().forEach((product, terms) -> own.put(product, reordered(terms)));
    return new Policy(
        policy.version(),
        policy.effective(),
        policy.grace(),
        policy.controller(),
        policy.jurisdictions(),
        policy.languages(),
        chance.shuffled(policy.products()),
        chance.shuffled(policy.categories()),
        chance.shuffled(policy.purposes()),
        chance.shuffled(policy.roles()),
        chance.shuffled(policy.sources()),
        new Sharing(
            chance.shuffled(policy.sharing().companies()),
            chance.shuffled(policy.sharing().recipients()),
            policy.sharing().transfer()),
        policy.pooling(),
        chance.shuffled(policy.retention()),
        policy.dormancy(),
        policy.minors(),
        policy.duties(),
        own);
  }

  private Policy onePurpose(Policy policy, UnaryOperator<Purpose> change) {
    List<Purpose> purposes = new ArrayList<>(policy.purposes());
    int one = chance.below(purposes.size());
    purposes.set(one, change.apply(purposes.get(one)));
    return like(policy, purposes, policy.roles(), policy.pooling(), policy.retention());
  }

  private Policy oneRole(Policy policy, UnaryOperator<Role> change) {
    List<Role> roles = new ArrayList<>(policy.roles());
    int one = chance.below(roles.size());
    roles.set(one, change.apply(roles.get(one)));
    return like(policy, policy.purposes(), roles, policy.pooling(), policy.retention());
  }

  /** The purpose waits for a yes it did not wait for, or for more of what oversees it. */
  private Purpose moreAsked(Purpose purpose) {
    LegalException approved =
        purpose.exception().orElse(new LegalException(new RoleId("legal"), false, AT_ONCE));
    BreakGlass reviewed =
        purpose.breakGlass().orElse(new BreakGlass(Duration.ofHours(24), new RoleId("legal")));
    boolean optional = purpose.control() == Control.OPT_OUT;
    return new Purpose(
        purpose.id(),
        purpose.clause(),
        purpose.basis(),
        optional && chance.percent(70) ? Control.OPT_IN : purpose.control(),
        purpose.nature(),
        purpose.view(),
        purpose.uses(),
        purpose.products(),
        purpose.channels(),
        purpose.programme(),
        purpose.before(),
        purpose.exception().isPresent() || chance.percent(10)
            ? Optional.of(new LegalException(approved.approver(), true, AT_ONCE))
            : Optional.empty(),
        purpose.breakGlass().isPresent() || chance.percent(10)
            ? Optional.of(new BreakGlass(Duration.ofMinutes(30), reviewed.reviewer()))
            : Optional.empty(),
        purpose.sensitiveCondition());
  }

  private Set<ProductId> fewer(Policy policy, Set<ProductId> products) {
    return Set.of(products.isEmpty() ? chance.one(policy.products()) : chance.one(products));
  }

  private Role narrower(Role role) {
    UndertakingId secrecy = new UndertakingId("secrecy");
    Set<PurposeId> purposes = new HashSet<>(chance.some(70, role.purposes()));
    return new Role(
        role.id(),
        chance.some(80, role.collects()),
        purposes,
        chance.percent(50) ? role.sees() : View.DE_IDENTIFIED,
        chance.some(50, role.mayReveal()),
        Optional.of(role.undertaking().orElse(secrecy)),
        role.heldBy());
  }

  private static Policy like(
      Policy policy,
      List<Purpose> purposes,
      List<Role> roles,
      Pooling pooling,
      List<Retention> retention) {
    return new Policy(
        policy.version(),
        policy.effective(),
        policy.grace(),
        policy.controller(),
        policy.jurisdictions(),
        policy.languages(),
        policy.products(),
        policy.categories(),
        purposes,
        roles,
        policy.sources(),
        policy.sharing(),
        pooling,
        retention,
        policy.dormancy(),
        policy.minors(),
        policy.duties(),
        policy.own());
  }

  private static Sharing like(Sharing sharing, List<Recipient> recipients) {
    return new Sharing(sharing.companies(), recipients, sharing.transfer());
  }

  private static Policy like(Policy policy, Sharing sharing) {
    return new Policy(
        policy.version(),
        policy.effective(),
        policy.grace(),
        policy.controller(),
        policy.jurisdictions(),
        policy.languages(),
        policy.products(),
        policy.categories(),
        policy.purposes(),
        policy.roles(),
        policy.sources(),
        sharing,
        policy.pooling(),
        policy.retention(),
        policy.dormancy(),
        policy.minors(),
        policy.duties(),
        policy.own());
  }

  private static Purpose like(
      Purpose purpose, Set<FieldId> uses, View view, Set<ProductId> products) {
    return new Purpose(
        purpose.id(),
        purpose.clause(),
        purpose.basis(),
        purpose.control(),
        purpose.nature(),
        view,
        uses,
        products,
        purpose.channels(),
        purpose.programme(),
        purpose.before(),
        purpose.exception(),
        purpose.breakGlass(),
        purpose.sensitiveCondition());
  }
}
