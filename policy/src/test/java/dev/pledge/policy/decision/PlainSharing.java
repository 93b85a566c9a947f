package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

/** Who may receive what on a day, read literally from the specification (III.I.*, VIII.4). */
record PlainSharing(Sharing sharing) {
  private static final CompanyId CONTROLLER = new CompanyId("controller");

  Recipient named(Question question) {
    for (Recipient recipient : sharing.recipients()) {
      boolean meant =
          question.handOver() != null
              && recipient.id().value().equals(question.handOver().recipient());
      if (meant) {
        return recipient;
      }
    }
    return null;
  }

  /** Why the recipient may not have the field now; the person's yes is asked elsewhere. */
  Reason unmet(Question question, FieldId field, Instant now) {
    Recipient recipient = named(question);
    if (!recipient.purposes().contains(new PurposeId(question.purpose()))) {
      return Reason.PURPOSE_NOT_SHARED;
    }
    String destination = question.handOver().destination();
    if (destination == null && recipient.destinations().size() > 1) {
      return Reason.OTHER_DESTINATION;
    }
    if (destination != null && !recipient.destinations().contains(destination)) {
      return Reason.OTHER_DESTINATION;
    }
    if (!recipient.fields().contains(field)) {
      return Reason.FIELD_NOT_SHARED;
    }
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (recipient.kind() == Kind.AFFILIATE && !isAffiliate(recipient.company().get(), today)) {
      return Reason.NOT_AFFILIATED;
    }
    if (recipient.kind() != Kind.AUTHORITY) {
      boolean before = today.isBefore(recipient.agreement().get().from());
      boolean over = !today.isBefore(recipient.agreement().get().until());
      return before || over ? Reason.NOT_BOUND : null;
    }
    return null;
  }

  boolean isAffiliate(CompanyId company, LocalDate today) {
    if (company.equals(CONTROLLER)) {
      return false;
    }
    Set<CompanyId> ours = controlledBy(CONTROLLER, today);
    if (ours.contains(company) || controlledBy(company, today).contains(CONTROLLER)) {
      return true;
    }
    for (CompanyId third : companies()) {
      Set<CompanyId> theirs = controlledBy(third, today);
      if (theirs.contains(CONTROLLER) && theirs.contains(company)) {
        return true;
      }
    }
    ours.add(CONTROLLER);
    for (CompanyId own : ours) {
      if (stands(own, How.SIGNIFICANT_INFLUENCE, company, today)) {
        return true;
      }
    }
    return stands(company, How.SIGNIFICANT_INFLUENCE, CONTROLLER, today);
  }

  /** Whom the company controls, directly or through others. */
  private Set<CompanyId> controlledBy(CompanyId company, LocalDate today) {
    Set<CompanyId> controlled = new HashSet<>();
    boolean grows = true;
    while (grows) {
      grows = false;
      for (CompanyId other : companies()) {
        for (CompanyId by : Set.copyOf(controlled)) {
          grows |= stands(by, How.CONTROL, other, today) && controlled.add(other);
        }
        grows |= stands(company, How.CONTROL, other, today) && controlled.add(other);
      }
    }
    return controlled;
  }

  private boolean stands(CompanyId above, How how, CompanyId below, LocalDate today) {
    for (Company company : sharing.companies()) {
      for (Link link : company.controlledBy()) {
        boolean holds =
            !today.isBefore(link.from())
                && (link.until().isEmpty() || today.isBefore(link.until().get()));
        if (company.id().equals(below) && link.by().equals(above) && link.how() == how && holds) {
          return true;
        }
      }
    }
    return false;
  }

  private Set<CompanyId> companies() {
    Set<CompanyId> companies = new HashSet<>();
    for (Company company : sharing.companies()) {
      companies.add(company.id());
      company.controlledBy().forEach(link -> companies.add(link.by()));
    }
    return companies;
  }

  String nameOf(CompanyId id) {
    for (Company company : sharing.companies()) {
      if (company.id().equals(id)) {
        return company.name();
      }
    }
    return "";
  }

  /** The days on which some company comes to stand above another, or no longer does. */
  Set<LocalDate> changes() {
    Set<LocalDate> changes = new HashSet<>();
    for (Company company : sharing.companies()) {
      for (Link link : company.controlledBy()) {
        changes.add(link.from());
        link.until().ifPresent(changes::add);
      }
    }
    return changes;
  }
}
