package dev.pledge.engine.rights;

import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.value.Tree;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.names.ClauseId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A decision on a request, as a member of staff gives it.
 *
 * @param reasons for the person, in words; kept sealed
 * @param clause what a refusal rests on; needed where not all is granted
 * @param fields of a deletion or correction granted in part: which of those asked for
 * @param conditions of a closing: what the product asserts
 */
public record Judgement(
    Ruling ruling,
    String reasons,
    Optional<ClauseId> clause,
    Set<String> fields,
    Set<String> conditions) {
  private static final int MOST_CONDITIONS = 32;

  public Judgement {
    fields = Set.copyOf(fields);
    conditions = Set.copyOf(conditions);
    Wording.require(reasons, "reasons", Wish.LONGEST);
    if (ruling != Ruling.GRANTED && clause.isEmpty()) {
      throw new UnusableInput(
          "clause", "name the clause by which not all is granted", "应指明未全部同意所依据的条款");
    }
    if (ruling != Ruling.PARTLY && !fields.isEmpty()) {
      throw new UnusableInput("fields", "only what is granted in part names fields", "仅部分同意时指明信息项");
    }
    if (conditions.size() > MOST_CONDITIONS) {
      throw new UnusableInput(
          "conditions",
          "assert at most " + MOST_CONDITIONS + " conditions",
          "最多声明 " + MOST_CONDITIONS + " 个条件");
    }
  }

  /** The same with these conditions asserted too. */
  Judgement asserting(Set<String> more) {
    Set<String> all = new HashSet<>(conditions);
    all.addAll(more);
    return new Judgement(ruling, reasons, clause, fields, all);
  }

  byte[] bytes() {
    Map<String, Object> tree = new TreeMap<>();
    tree.put("reasons", reasons);
    tree.put("fields", List.copyOf(new TreeSet<>(fields)));
    tree.put("conditions", List.copyOf(new TreeSet<>(conditions)));
    return Tree.write(tree);
  }

  static Judgement of(Ruling ruling, Optional<String> clause, byte[] bytes) {
    Map<String, Object> tree = Tree.read(bytes);
    return new Judgement(
        ruling,
        (String) Objects.requireNonNull(tree.get("reasons")),
        clause.map(ClauseId::new),
        texts(tree, "fields"),
        texts(tree, "conditions"));
  }

  private static Set<String> texts(Map<String, Object> tree, String name) {
    Set<String> texts = new HashSet<>();
    ((List<?>) Objects.requireNonNull(tree.get(name))).forEach(text -> texts.add((String) text));
    return texts;
  }

  /** Nothing that was written. */
  @Override
  public String toString() {
    return "Judgement[" + ruling + ", [redacted]]";
  }
}
