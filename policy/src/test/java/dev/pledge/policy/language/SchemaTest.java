package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.pledge.policy.language.Cases.Case;
import dev.pledge.policy.language.Checked.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What editors are told of a policy holds of every sound one, and catches what they can see. */
final class SchemaTest {
  private static final long SEED = 20_261_126L;
  private static final int MUTANTS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final JsonSchema POLICY = schema(Schema.POLICY);
  private static final JsonSchema LABELS = schema(Schema.LABELS);
  private static final JsonSchema TERMS = schema(Schema.TERMS);

  /** Words of the language itself; what a policy declares, no schema knows. */
  private static final String OWN_WORDS =
      "key|basis|case|control|nature|type|mask|method|scope|kind|view|channel|clause|jurisdiction|start"
          + "|end|pooling|word|cause|time to tell|language version";

  private static final Pattern VISIBLE =
      Pattern.compile("unknown (" + OWN_WORDS + ") `.*|.* has no `[a-z-]+`");

  static JsonNode json(Schema schema) {
    try {
      return JSON.readTree(schema.text());
    } catch (IOException malformed) {
      throw new AssertionError("no JSON: " + schema.file(), malformed);
    }
  }

  private static JsonSchema schema(Schema schema) {
    return FACTORY.getSchema(json(schema));
  }

  /** What an editor reports of a file, which it reads by the core schema of YAML 1.2. */
  private static Set<ValidationMessage> reports(JsonSchema schema, String yaml) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Object read = new Load(settings).loadFromString(yaml);
    return schema.validate(JSON.<JsonNode>valueToTree(read));
  }

  /** Only what is no key can be one misspelt. */
  @Test
  void theSchemasKnowEveryKey() {
    assertThat(Stream.of(Schema.values()).flatMap(schema -> keys(json(schema))))
        .containsAll(Keys.EVERY)
        .allMatch(Keys.EVERY::contains);
  }

  private static Stream<String> keys(JsonNode schema) {
    Stream<String> own =
        schema.path("properties").properties().stream().map(property -> property.getKey());
    return Stream.concat(
        own, StreamSupport.stream(schema.spliterator(), false).flatMap(SchemaTest::keys));
  }

  @ParameterizedTest
  @EnumSource
  void theSchemasAreSchemas(Schema schema) {
    JsonSchema ofSchemas = FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012));

    assertThat(ofSchemas.validate(json(schema))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.ShippedPoliciesTest#directories")
  void thePoliciesAndLabelsThatComeWithPledgeAreValid(Path directory) throws IOException {
    assertThat(reports(POLICY, Files.readString(directory.resolve("policy.yaml")))).isEmpty();
    try (var files = Files.newDirectoryStream(directory, "labels.*.yaml")) {
      for (Path labels : files) {
        assertThat(reports(LABELS, Files.readString(labels))).as("%s", labels).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.ShippedPoliciesTest#directories")
  void editorsFindTheSchemas(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, "*.yaml")) {
      for (Path file : files) {
        String first = Files.readAllLines(file).getFirst();
        String name = file.getFileName().toString();
        Schema schema =
            name.equals("policy.yaml")
                ? Schema.POLICY
                : name.startsWith("labels.") ? Schema.LABELS : Schema.TERMS;
        assertThat(first).startsWith("# yaml-language-server: $schema=").endsWith(schema.file());
        String path = first.substring(first.indexOf('=') + 1);
        assertThat(directory.resolve(path)).hasContent(schema.text());
      }
    }
  }

  /** A product says what a policy says, but for what it may not, and need not say all of it. */
  @Test
  void theTermsOfAProductHaveTheWordsOfThePolicy() throws IOException {
    JsonNode policy = json(Schema.POLICY);
    JsonNode terms = json(Schema.TERMS);
    for (String part : List.of("purpose", "role", "recipient")) {
      ObjectNode keys = policy.at("/$defs/" + part).deepCopy();
      keys.remove("required");
      if (part.equals("purpose")) {
        ((ObjectNode) keys.path("properties"))
            .remove(List.of("products", "exception", "break-glass"));
      }
      assertThat(terms.at("/$defs/" + part)).isEqualTo(keys);
    }
    terms
        .path("$defs")
        .properties()
        .forEach(
            def -> {
              if (!List.of("purpose", "role", "recipient").contains(def.getKey())) {
                assertThat(def.getValue()).isEqualTo(policy.path("$defs").path(def.getKey()));
              }
            });
    for (String key : List.of("retention", "pooling", "dormancy", "recipients")) {
      assertThat(terms.path("properties").path(key)).isEqualTo(policy.path("properties").path(key));
    }
    String calendar = Files.readString(Path.of("../policies/emeet/calendar.yaml"));
    assertThat(reports(TERMS, calendar)).isEmpty();
    assertThat(reports(TERMS, calendar.replace("none", "nothing"))).isNotEmpty();
    assertThat(reports(TERMS, calendar + "minors: {}\n")).isNotEmpty();
  }

  @Test
  void aStarterIsValidAndBringsTheSchemasItNames() {
    Map<String, String> files =
        new Starter("shop", List.of("EU"), List.of("en", "zh"), LocalDate.EPOCH).files();

    assertThat(reports(POLICY, files.get("policy.yaml"))).isEmpty();
    assertThat(reports(LABELS, files.get("labels.en.yaml"))).isEmpty();
    assertThat(reports(LABELS, files.get("labels.zh.yaml"))).isEmpty();
    assertThat(files.get("policy.yaml"))
        .startsWith("# yaml-language-server: $schema=policy.schema.json\n");
    assertThat(files).containsEntry("policy.schema.json", Schema.POLICY.text());
  }

  @Test
  void theExamplesOfTheDocumentationAreValid() throws IOException {
    assertThat(reports(POLICY, DocumentedLanguageTest.examplePolicy())).isEmpty();
    assertThat(reports(LABELS, DocumentedLanguageTest.exampleLabels())).isEmpty();
  }

  @Test
  void whateverAPolicyIsSpoiltToIsValidIfItIsSound() throws IOException {
    Mutants mutants = new Mutants(SEED);
    int sound = 0;
    for (Path directory : ShippedPoliciesTest.directories()) {
      List<String> lines = Files.readAllLines(directory.resolve("policy.yaml"));
      Map<String, String> notices = ShippedPoliciesTest.notices(directory);
      Map<String, String> ownTerms = ShippedPoliciesTest.ownTerms(directory);
      for (int i = 0; i < MUTANTS; i++) {
        String mutant = mutants.of(lines);
        if (PolicyCheck.check(PolicySource.of(mutant, notices, Map.of(), ownTerms))
            instanceof Sound) {
          assertThat(reports(POLICY, mutant)).as("seed %d:%n%s", SEED, mutant).isEmpty();
          sound++;
        }
      }
    }
    assertThat(sound).isGreaterThan(MUTANTS / 20);
  }

  @ParameterizedTest
  @MethodSource("dev.pledge.policy.language.Cases#all")
  void anEditorReportsWhatItCanSeeAndNothingThatIsSound(Case example) {
    Checked checked = example.check();
    boolean visible =
        checked.problems().stream()
            .filter(problem -> problem.file().equals(PolicySource.POLICY))
            .anyMatch(problem -> VISIBLE.matcher(problem.message()).matches());

    if (visible) {
      assertThat(reports(POLICY, example.policy())).isNotEmpty();
    } else if (checked instanceof Sound) {
      assertThat(reports(POLICY, example.policy())).isEmpty();
    }
  }

  @Test
  void aLabelUnderNoSectionOfTooManyWordsOrOfNoNameIsReported() {
    String labels = "data: { contact: c }\npurposes: {}\nroles: {}\n";

    assertThat(reports(LABELS, labels)).isEmpty();
    assertThat(reports(LABELS, labels + "rolls: {}\n")).isNotEmpty();
    assertThat(reports(LABELS, labels.replace(": c ", ": " + "c".repeat(121)))).isNotEmpty();
    assertThat(reports(LABELS, labels.replace("contact", "Contact"))).isNotEmpty();
  }
}
