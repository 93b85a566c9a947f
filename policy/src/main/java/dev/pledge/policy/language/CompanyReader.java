package dev.pledge.policy.language;

import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.decision.ControlGraph.Circle;
import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.CompanyId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the companies around the controller and who stands above whom (VIII.4). */
final class CompanyReader {
  /** How many may stand above one company: what is looked at for each day of change is bounded. */
  private static final int MOST_ABOVE = 8;

  private static final Vocabulary<How> HOWS = Vocabulary.of("word", How.values());

  private final Reading reading;
  private final Problems problems;
  private final Controller controller;

  CompanyReader(Reading reading, Controller controller) {
    this.reading = reading;
    this.problems = reading.problems();
    this.controller = controller;
  }

  List<Company> read(Value companies) {
    reading.keeps("VIII.4", companies);
    List<Company> read =
        reading.each(companies.entries(), "company", CompanyId::new, this::company);
    new ControlGraph(read).circles().forEach(this::circle);
    return read;
  }

  private Company company(CompanyId id, Keys keys) {
    if (id.equals(ControlGraph.CONTROLLER)) {
      problems.error(
          keys.optional("name").key(),
          "the name of the controller stands under `controller` of the policy",
          "remove it here");
      return new Company(id, controller.name(), controlledBy(id, keys));
    }
    Optional<String> name = keys.required("name", "name: Example Ltd").text();
    return new Company(id, name.orElse(""), controlledBy(id, keys));
  }

  private List<Link> controlledBy(CompanyId id, Keys keys) {
    Value value = keys.optional("controlled-by");
    List<Mapping> mappings = value.mappings();
    if (mappings.size() > MOST_ABOVE) {
      problems.error(
          value.key(),
          mappings.size()
              + " stand above "
              + keys.name()
              + ", more than the "
              + MOST_ABOVE
              + " allowed",
          "list those that count on some day of an agreement");
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    for (Mapping mapping : mappings) {
      Scalar at = new Scalar(mapping.place(), mapping.excerpt(), false);
      Keys own = new Keys(mapping, at, "an entry of " + value.what(), problems);
      link(id, own).ifPresent(links::add);
      own.finish();
    }
    return links;
  }

  private Optional<Link> link(CompanyId id, Keys own) {
    Value company = own.required("company", "company: " + ControlGraph.CONTROLLER);
    Optional<CompanyId> by =
        company
            .word()
            .flatMap(
                word ->
                    reading.known(
                        word, "company", own, reading.declared().companies(), CompanyId::new));
    Value how = own.optional("how");
    Optional<How> written = how.oneOf(HOWS);
    Optional<LocalDate> from = own.required("from", "from: 2020-01-01").date();
    Value untilValue = own.optional("until");
    Optional<LocalDate> until = untilValue.date();
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      problems.error(
          untilValue.word(),
          own.name() + " ends before it begins",
          "write an `until` after `from`; it is the first day without control");
    }
    if (by.equals(Optional.of(id))) {
      problems.error(
          company.word(), "company `" + id + "` stands above itself", "name another company");
      return Optional.empty();
    }
    boolean whole =
        (how.isPresent() == written.isPresent()) && (untilValue.isPresent() == until.isPresent());
    return whole && by.isPresent() && from.isPresent()
        ? Optional.of(new Link(by.get(), written.orElse(How.CONTROL), from.get(), until))
        : Optional.empty();
  }

  private void circle(Circle circle) {
    reading.flawed().addAll(circle.companies());
    CompanyId first =
        circle.companies().stream()
            .filter(company -> !company.equals(ControlGraph.CONTROLLER))
            .sorted()
            .findFirst()
            .orElse(ControlGraph.CONTROLLER);
    String others =
        circle.companies().stream()
            .filter(company -> !company.equals(first))
            .map(company -> "`" + company + "`")
            .collect(Collectors.joining(" and "));
    problems.error(
        Optional.ofNullable(reading.declared().companies().get(first)),
        "company `" + first + "` would control itself through " + others + " on " + circle.day(),
        "remove one of the links, or end it with `until`");
  }
}
