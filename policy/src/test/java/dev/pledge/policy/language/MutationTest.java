package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Checked.Unsound;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Takes the reference policy, spoils it at random, and checks that whatever comes out is either
 * refused with a place or still a policy in which everything is connected.
 */
@Timeout(600)
final class MutationTest {
  private static final long SEED = 20_261_122L;
  private static final int MUTANTS = 2_400;
  private static final Path EMEET = Path.of("../policies/emeet");
  private static final String GARBAGE = ":-[]{}#&*!|>'\"%@`,? \t\n\0a0Zé字\u202E~";

  private final Random random = new Random(SEED);

  @Test
  void whateverAPolicyIsSpoiltToIsRefusedOrStillSound() throws IOException {
    List<String> lines = Files.readAllLines(EMEET.resolve("policy.yaml"));
    Map<String, String> notices =
        Map.of(
            "en", Files.readString(EMEET.resolve("notice.en.md")),
            "zh", Files.readString(EMEET.resolve("notice.zh.md")));
    int sound = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String mutant = String.join("\n", mutant(lines));
      Checked checked = PolicyCheck.check(PolicySource.of(mutant, notices));
      String which = "seed " + SEED + ", mutant " + i;
      switch (checked) {
        case Sound(Policy policy, _, _, _) -> {
          sound++;
          assertConnected(policy, which);
        }
        case Unsound(List<Problem> problems) -> assertPlaced(problems, which);
      }
    }
    assertThat(sound).as("some mutants are harmless").isBetween(1, MUTANTS / 2);
  }

  @Test
  void whateverANoticeIsSpoiltToIsRefusedOrStillWhole() throws IOException {
    List<String> lines = Files.readAllLines(EMEET.resolve("notice.en.md"));
    String policy = Files.readString(EMEET.resolve("policy.yaml"));
    String chinese = Files.readString(EMEET.resolve("notice.zh.md"));
    for (int i = 0; i < MUTANTS / 6; i++) {
      String mutant = String.join("\n", mutant(lines));
      Checked checked =
          PolicyCheck.check(PolicySource.of(policy, Map.of("en", mutant, "zh", chinese)));
      switch (checked) {
        case Sound(_, List<Notice> notices, _, _) ->
            assertThat(notices.getFirst().passages()).hasSizeGreaterThanOrEqualTo(20);
        case Unsound(List<Problem> problems) -> assertPlaced(problems, "notice " + i);
      }
    }
  }

  private List<String> mutant(List<String> lines) {
    List<String> mutant = new ArrayList<>(lines);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && !mutant.isEmpty(); i++) {
      change(mutant);
    }
    return mutant;
  }

  private void change(List<String> lines) {
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.add(random.nextInt(lines.size()), line);
      case 3 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
      case 4 -> lines.set(at, insert(line, garbage()));
      case 5 -> lines.set(at, drop(line));
      case 6 -> lines.set(at, "  " + line);
      default -> lines.set(at, swap(line));
    }
  }

  private String garbage() {
    StringBuilder garbage = new StringBuilder();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      garbage.append(GARBAGE.charAt(random.nextInt(GARBAGE.length())));
    }
    return garbage.toString();
  }

  private String insert(String line, String text) {
    int at = random.nextInt(line.length() + 1);
    return line.substring(0, at) + text + line.substring(at);
  }

  private String drop(String line) {
    if (line.isEmpty()) {
      return line;
    }
    int at = random.nextInt(line.length());
    return line.substring(0, at) + line.substring(at + 1);
  }

  private String swap(String line) {
    if (line.length() < 2) {
      return line;
    }
    int at = random.nextInt(line.length() - 1);
    return line.substring(0, at) + line.charAt(at + 1) + line.charAt(at) + line.substring(at + 2);
  }

  private static void assertPlaced(List<Problem> problems, String which) {
    assertThat(problems).as(which).isNotEmpty().isSorted();
    assertThat(problems)
        .as(which)
        .allSatisfy(
            problem -> {
              assertThat(problem.line()).isPositive();
              assertThat(problem.column()).isPositive();
              assertThat(problem.message()).isNotBlank();
              assertThat(problem.remedy()).isNotBlank();
              assertThat(problem.pretty()).contains(problem.message());
            });
  }

  private static void assertConnected(Policy policy, String which) {
    List<Field> fields =
        policy.categories().stream().map(Category::fields).flatMap(List::stream).toList();
    Set<FieldId> ids = fields.stream().map(Field::id).collect(Collectors.toSet());
    Set<PurposeId> purposes = ids(policy.purposes(), Purpose::id);
    Set<RoleId> roles = ids(policy.roles(), Role::id);

    assertThat(fields)
        .as(which)
        .allMatch(field -> field.type().fits(field.mask()))
        .allMatch(field -> (field.type() == FieldType.CHOICE) != field.choices().isEmpty());
    assertThat(all(policy.purposes(), Purpose::uses)).as(which).isEqualTo(ids);
    assertThat(all(policy.retention(), Retention::of)).as(which).isEqualTo(ids);
    assertThat(all(policy.roles(), Role::collects)).as(which).isSubsetOf(ids);
    assertThat(all(policy.roles(), Role::purposes)).as(which).isSubsetOf(purposes);
    assertThat(policy.purposes())
        .as(which)
        .allMatch(p -> p.exception().map(e -> roles.contains(e.approver())).orElse(true))
        .allMatch(p -> policy.products().containsAll(p.products()));
    assertThat(CompiledPolicy.of(policy, List.of()).version())
        .as(which)
        .isEqualTo(policy.version());
    assertThat(policy.retention()).as(which).noneMatch(rule -> rule.keep().isZero());
    assertProtective(policy, which);
  }

  /** What a policy may not be spoilt to, whatever else it says. */
  private static void assertProtective(Policy policy, String which) {
    Set<RoleId> programs =
        policy.roles().stream()
            .filter(role -> role.heldBy() == HeldBy.SERVICE)
            .map(Role::id)
            .collect(Collectors.toSet());
    assertThat(policy.purposes())
        .as(which)
        .noneMatch(p -> p.nature() == Nature.PROMOTION && p.control() == Control.NONE)
        .noneMatch(p -> p.nature() == Nature.LEGAL_CLAIMS && p.basis() == Basis.CONSENT)
        .noneMatch(p -> p.basis() == Basis.CONSENT && p.control() == Control.NONE)
        .allMatch(p -> !p.clause().value().equals("II.I.7") || isOverseen(p))
        .noneMatch(p -> p.exception().map(e -> programs.contains(e.approver())).orElse(false))
        .noneMatch(p -> p.breakGlass().map(b -> programs.contains(b.reviewer())).orElse(false));
  }

  /** Whether somebody else approves or reviews each use, or there is none. */
  private static boolean isOverseen(Purpose purpose) {
    return purpose.exception().isPresent()
        || purpose.breakGlass().isPresent()
        || purpose.nature() == Nature.RECORD_KEEPING;
  }

  private static <P, I> Set<I> ids(List<P> parts, Function<P, I> id) {
    return parts.stream().map(id).collect(Collectors.toSet());
  }

  private static <P, I> Set<I> all(List<P> parts, Function<P, Set<I>> names) {
    return parts.stream().map(names).flatMap(Set::stream).collect(Collectors.toSet());
  }
}
