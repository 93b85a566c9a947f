package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.names.CompanyId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which companies are affiliates of the controller on a given day (VIII.4). Control runs through
 * any number of companies, up, down, and down again from one above; significant influence goes one
 * step, over the controller, or from it or a company it controls, since nobody inherits an
 * influence.
 *
 * <p>Immutable. A company that controls itself, which no law knows, does no harm here; it is the
 * language that reports it.
 */
public final class ControlGraph {
  /** The name of the policy's controller among the companies. */
  public static final CompanyId CONTROLLER = new CompanyId("controller");

  private final List<Company> companies;

  /** The days on which a link begins or has ended. */
  private final NavigableSet<LocalDate> changes = new TreeSet<>();

  /** How an affiliate is one. Of several ways the first counts. */
  public enum Affiliation {
    /** One of the two controls the other. */
    DIRECT_CONTROL,
    /** One of the two controls the other through a third. */
    INDIRECT_CONTROL,
    /** A third controls both. */
    COMMON_CONTROL,
    SIGNIFICANT_INFLUENCE
  }

  /** Some days on end: {@code from} the first to the one before {@code until}, UTC. */
  public record Days(LocalDate from, LocalDate until) {
    /** Whether some day is one of both. */
    public boolean overlap(Days other) {
      return from.isBefore(other.until) && other.from.isBefore(until);
    }

    boolean contain(Days other) {
      return !other.from.isBefore(from) && !other.until.isAfter(until);
    }
  }

  /** Companies each of which controls the next on {@code day}, and the last the first. */
  public record Circle(LocalDate day, List<CompanyId> companies) {
    public Circle {
      companies = List.copyOf(companies);
    }
  }

  /** The graph of {@code companies}; who is named only as standing above others belongs to it. */
  public ControlGraph(List<Company> companies) {
    this.companies = List.copyOf(companies);
    for (Company company : companies) {
      for (Link link : company.controlledBy()) {
        changes.add(link.from());
        link.until().ifPresent(changes::add);
      }
    }
  }

  /** The affiliates of the controller on {@code day}, and how each is one. */
  public Map<CompanyId, Affiliation> affiliatesOn(LocalDate day) {
    Links control = new Links(How.CONTROL, day);
    Links influence = new Links(How.SIGNIFICANT_INFLUENCE, day);
    Map<CompanyId, Affiliation> affiliates = new LinkedHashMap<>();
    Set<CompanyId> above = reached(control.above, List.of(CONTROLLER));
    Set<CompanyId> below = reached(control.below, List.of(CONTROLLER));
    putAll(affiliates, control.above.getOrDefault(CONTROLLER, Set.of()), How.CONTROL);
    putAll(affiliates, control.below.getOrDefault(CONTROLLER, Set.of()), How.CONTROL);
    above.forEach(each -> affiliates.putIfAbsent(each, Affiliation.INDIRECT_CONTROL));
    below.forEach(each -> affiliates.putIfAbsent(each, Affiliation.INDIRECT_CONTROL));
    reached(control.below, above)
        .forEach(each -> affiliates.putIfAbsent(each, Affiliation.COMMON_CONTROL));
    below.add(CONTROLLER);
    for (CompanyId influential : below) {
      putAll(
          affiliates,
          influence.below.getOrDefault(influential, Set.of()),
          How.SIGNIFICANT_INFLUENCE);
    }
    putAll(
        affiliates, influence.above.getOrDefault(CONTROLLER, Set.of()), How.SIGNIFICANT_INFLUENCE);
    affiliates.remove(CONTROLLER);
    return affiliates;
  }

  private static void putAll(
      Map<CompanyId, Affiliation> affiliates, Set<CompanyId> companies, How how) {
    Affiliation affiliation =
        how == How.CONTROL ? Affiliation.DIRECT_CONTROL : Affiliation.SIGNIFICANT_INFLUENCE;
    companies.forEach(each -> affiliates.putIfAbsent(each, affiliation));
  }

  /** When each affiliate is one, in order and as long stretches as there are. */
  public Map<CompanyId, List<Days>> affiliation() {
    Map<CompanyId, List<Days>> affiliation = new TreeMap<>();
    for (LocalDate from : changes) {
      LocalDate until = next(from);
      for (CompanyId affiliate : affiliatesOn(from).keySet()) {
        List<Days> before = affiliation.computeIfAbsent(affiliate, _ -> new ArrayList<>());
        boolean goesOn = !before.isEmpty() && before.getLast().until().equals(from);
        LocalDate since = goesOn ? before.removeLast().from() : from;
        before.add(new Days(since, until));
      }
    }
    return affiliation;
  }

  private LocalDate next(LocalDate day) {
    LocalDate later = changes.higher(day);
    return later == null ? LocalDate.MAX : later;
  }

  /** Companies that would control themselves, each circle once. */
  public List<Circle> circles() {
    List<Circle> circles = new ArrayList<>();
    Set<Set<CompanyId>> told = new HashSet<>();
    for (LocalDate day : changes) {
      circleOn(day)
          .filter(circle -> told.add(Set.copyOf(circle)))
          .ifPresent(circle -> circles.add(new Circle(day, circle)));
    }
    return circles;
  }

  /** One circle of that day, if there is any. */
  private Optional<List<CompanyId>> circleOn(LocalDate day) {
    Map<CompanyId, Set<CompanyId>> above = new Links(How.CONTROL, day).above;
    Set<CompanyId> looked = new HashSet<>();
    for (CompanyId company : new TreeSet<>(above.keySet())) {
      List<CompanyId> path = new ArrayList<>();
      if (closes(company, above, looked, path)) {
        return Optional.of(path.reversed());
      }
    }
    return Optional.empty();
  }

  /** Whether the way up from the company meets itself; {@code path} is then the circle alone. */
  private static boolean closes(
      CompanyId company,
      Map<CompanyId, Set<CompanyId>> above,
      Set<CompanyId> looked,
      List<CompanyId> path) {
    if (path.contains(company)) {
      path.subList(0, path.indexOf(company)).clear();
      return true;
    }
    if (!looked.add(company)) {
      return false;
    }
    path.add(company);
    for (CompanyId controller : above.getOrDefault(company, Set.of())) {
      if (closes(controller, above, looked, path)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }

  /** Everybody reached from {@code start} over one step or more. */
  private static Set<CompanyId> reached(
      Map<CompanyId, Set<CompanyId>> steps, Collection<CompanyId> start) {
    Set<CompanyId> reached = new LinkedHashSet<>();
    List<CompanyId> open = new ArrayList<>(start);
    while (!open.isEmpty()) {
      for (CompanyId next : steps.getOrDefault(open.removeLast(), Set.of())) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return reached;
  }

  /** The links of one kind that hold on a day, both ways. */
  private final class Links {
    private final Map<CompanyId, Set<CompanyId>> above = new HashMap<>();
    private final Map<CompanyId, Set<CompanyId>> below = new HashMap<>();

    Links(How how, LocalDate day) {
      for (Company company : companies) {
        for (Link link : company.controlledBy()) {
          if (link.how() == how && link.holdsOn(day)) {
            above.computeIfAbsent(company.id(), _ -> new TreeSet<>()).add(link.by());
            below.computeIfAbsent(link.by(), _ -> new TreeSet<>()).add(company.id());
          }
        }
      }
    }
  }
}
