package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import dev.pledge.policy.names.FieldType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The schema has the keys and the words of the language: no more, and no less. Asks the check, not
 * its code, by writing a key and a word nobody knows into every place of policies that use all of
 * the language.
 */
final class SchemaWordsTest {
  private static final String NOBODY_KNOWS = "zzzz";
  private static final Pattern UNKNOWN = Pattern.compile("unknown (.+?) `([^`]*)` in .*");
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  /** Names that a policy declares: no schema knows them. */
  private static final Set<String> DECLARED =
      Set.of("field", "purpose", "role", "product", "condition", "undertaking", "company");

  private static final JsonNode SCHEMA = SchemaTest.json(Schema.POLICY);

  /** A word that may stand in many places, and is refused in all of them in its own words. */
  private static final JsonNode NOT_SOLD = SCHEMA.at("/$defs/notSold");

  /**
   * A place of a policy.
   *
   * @param pointer where it is, in JSON
   * @param kind the same for all places of the kind, such as {@code purposes/*}
   */
  private record Spot(ObjectNode policy, String pointer, String kind, JsonNode schema) {
    JsonNode node() {
      return policy.at(pointer);
    }

    /** The problems once another value stands here. */
    List<Problem> problemsWith(JsonNode value) {
      ObjectNode changed = policy.deepCopy();
      int cut = pointer.lastIndexOf('/');
      String last = pointer.substring(cut + 1);
      switch (changed.at(pointer.substring(0, cut))) {
        case ObjectNode object -> object.set(last, value);
        case ArrayNode array -> array.set(Integer.parseInt(last), value);
        default -> throw new AssertionError(pointer);
      }
      return Cases.check(changed.toString()).problems();
    }
  }

  private static final List<Spot> MAPPINGS = new ArrayList<>();

  /** One spot of each kind that holds a word. */
  private static final Map<String, Spot> WORDS = new HashMap<>();

  @BeforeAll
  static void lookAround() throws IOException {
    List<String> policies = new ArrayList<>(List.of(Cases.smallPolicy()));
    for (Path directory : ShippedPoliciesTest.directories()) {
      policies.add(Files.readString(directory.resolve("policy.yaml")));
    }
    for (String policy : policies) {
      ObjectNode tree = (ObjectNode) json(tree(policy));
      visit(new Spot(tree, "", "", SCHEMA));
    }
  }

  private static Mapping tree(String policy) {
    Problems problems = new Problems();
    SourceText text =
        SourceText.decode(PolicySource.POLICY, StandardCharsets.UTF_8.encode(policy), problems)
            .orElseThrow();
    return YamlTree.read(text, problems).orElseThrow();
  }

  /** JSON is YAML: what is not written as a word of its own is a text. */
  private static JsonNode json(Node node) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (node) {
      case Scalar scalar when scalar.plain() && Set.of("true", "false").contains(scalar.text()) ->
          make.booleanNode(scalar.text().equals("true"));
      case Scalar scalar -> make.textNode(scalar.text());
      case Sequence sequence -> {
        ArrayNode array = make.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Mapping mapping -> {
        ObjectNode object = make.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
        yield object;
      }
    };
  }

  private static JsonNode resolved(JsonNode schema) {
    JsonNode resolved = schema;
    while (resolved.has("$ref")) {
      resolved = SCHEMA.at(resolved.path("$ref").asText().substring(1));
    }
    return resolved;
  }

  /** The same, where there are alternatives the one that a mapping, or a word, is written by. */
  private static JsonNode resolved(JsonNode schema, JsonNode node) {
    JsonNode resolved = resolved(schema);
    return resolved
        .path("anyOf")
        .valueStream()
        .map(SchemaWordsTest::resolved)
        .filter(one -> one.path("type").asText().equals("object") == node.isObject())
        .findFirst()
        .orElse(resolved);
  }

  private static boolean isRecord(JsonNode schema) {
    return schema.path("additionalProperties").isBoolean();
  }

  private static void visit(Spot spot) {
    assertThat(spot.schema().isMissingNode()).as("the schema lacks `%s`", spot.kind()).isFalse();
    switch (spot.node()) {
      case ObjectNode object -> {
        if (isRecord(spot.schema())) {
          MAPPINGS.add(spot);
        }
        object
            .fieldNames()
            .forEachRemaining(
                key -> {
                  boolean record = isRecord(spot.schema());
                  JsonNode own =
                      record
                          ? spot.schema().path("properties").path(key)
                          : spot.schema().path("additionalProperties");
                  visit(
                      new Spot(
                          spot.policy(),
                          spot.pointer() + "/" + key,
                          spot.kind() + "/" + (record ? key : "*"),
                          resolved(own, object.path(key))));
                });
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          visit(
              new Spot(
                  spot.policy(),
                  spot.pointer() + "/" + i,
                  spot.kind() + "/*",
                  resolved(spot.schema().path("items"), array.path(i))));
        }
      }
      default -> WORDS.putIfAbsent(spot.kind(), spot);
    }
  }

  /** The names a problem lists as known, and those it says are not. */
  private static Set<String> listed(Problem problem) {
    return WORD.matcher(problem.remedy())
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<String> unknown(Problem problem, String what) {
    Matcher unknown = UNKNOWN.matcher(problem.message());
    return unknown.matches() && unknown.group(1).equals(what)
        ? Optional.of(unknown.group(2))
        : Optional.empty();
  }

  @Test
  void everyKeyOfTheLanguageIsInTheSchemaAndEveryOneOfTheSchemaInTheLanguage() {
    for (Spot spot : MAPPINGS) {
      Set<String> keys = new TreeSet<>();
      spot.schema().path("properties").fieldNames().forEachRemaining(keys::add);
      ObjectNode all = ((ObjectNode) spot.node()).deepCopy();
      keys.stream().filter(key -> !all.has(key)).forEach(key -> all.put(key, NOBODY_KNOWS));
      all.put(NOBODY_KNOWS, NOBODY_KNOWS);

      List<Problem> problems =
          spot.pointer().isEmpty()
              ? Cases.check(all.toString()).problems()
              : spot.problemsWith(all);

      Set<String> notOfTheLanguage = new TreeSet<>();
      Set<String> notOfTheSchema = new TreeSet<>();
      for (Problem problem : problems) {
        Optional<String> key = unknown(problem, "key");
        key.ifPresent(notOfTheLanguage::add);
        if (key.equals(Optional.of(NOBODY_KNOWS))) {
          notOfTheSchema.addAll(listed(problem));
        }
      }
      notOfTheSchema.removeAll(keys);
      assertThat(notOfTheLanguage)
          .as("keys of the schema alone at `%s`, besides the one nobody knows", spot.kind())
          .containsExactly(NOBODY_KNOWS);
      assertThat(notOfTheSchema).as("keys the schema lacks at `%s`", spot.kind()).isEmpty();
    }
  }

  @Test
  void everyPartOfTheSchemaWasLookedAt() {
    Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    MAPPINGS.forEach(spot -> seen.add(spot.schema()));
    WORDS.values().forEach(spot -> seen.add(spot.schema()));

    List<String> unseen =
        parts(SCHEMA)
            .filter(part -> isRecord(part) || part.has("enum"))
            .filter(part -> !seen.contains(part))
            .map(part -> part.path("description").asText())
            .toList();

    assertThat(unseen).isSubsetOf(NOT_SOLD.path("description").asText());
  }

  private static Stream<JsonNode> parts(JsonNode schema) {
    return Stream.concat(Stream.of(schema), schema.valueStream().flatMap(SchemaWordsTest::parts));
  }

  @Test
  void theWordsOfEachListAreThoseOfTheLanguage() {
    Map<String, Set<String>> tables = tables();
    WORDS.forEach(
        (kind, spot) -> {
          Set<String> words =
              spot.schema()
                  .path("enum")
                  .valueStream()
                  .map(JsonNode::asText)
                  .collect(Collectors.toCollection(TreeSet::new));
          String last = kind.replace("/*", "");
          Set<String> table = tables.get(last.substring(last.lastIndexOf('/') + 1));
          if (table != null) {
            assertThat(words).as("%s", kind).isEqualTo(table);
          } else {
            assertThat(words).as("words at `%s`", kind).isEqualTo(wordsOfTheLanguage(spot));
          }
        });
  }

  /** The closed list of words that may stand there; empty where others may, too. */
  private static Set<String> wordsOfTheLanguage(Spot spot) {
    Set<String> words = new TreeSet<>();
    List<Problem> problems = spot.problemsWith(TextNode.valueOf(NOBODY_KNOWS));
    if (spot.kind().endsWith("/consideration")) {
      assertThat(problems).anyMatch(problem -> problem.message().contains("is never sold"));
      return Set.of("none");
    }
    for (Problem problem : problems) {
      Matcher unknown = UNKNOWN.matcher(problem.message());
      if (unknown.matches()
          && unknown.group(2).equals(NOBODY_KNOWS)
          && !DECLARED.contains(unknown.group(1))) {
        assertThat(problem.remedy()).doesNotEndWith("…");
        words.addAll(listed(problem));
      }
    }
    if (spot.schema().has("const")) {
      assertThat(words).containsExactly(spot.schema().path("const").asText());
      words.clear();
    }
    return words;
  }

  /** Lists too long for a message, or drawn from the table of law, by the key they stand under. */
  private static Map<String, Set<String>> tables() {
    Set<String> conditions =
        Table.rows(Table.class, "law.txt").stream()
            .filter(row -> row.get(1).equals("sensitive-because"))
            .map(row -> row.get(2))
            .collect(Collectors.toCollection(TreeSet::new));
    return Map.of(
        "clause",
        Stream.of(Clauses.Part.values())
            .flatMap(part -> Clauses.of(part).stream())
            .collect(Collectors.toCollection(TreeSet::new)),
        "jurisdictions",
        new TreeSet<>(Law.jurisdictions()),
        "type",
        Stream.of(FieldType.values()).map(FieldType::word).collect(Collectors.toSet()),
        "sensitive-because",
        conditions);
  }
}
