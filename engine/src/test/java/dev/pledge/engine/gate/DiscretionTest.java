package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.approval;
import static dev.pledge.engine.gate.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a history tells of entries whose version of the policy is no longer among the files. */
class DiscretionTest {
  private static final Path POLICY =
      TestPledge.reworded(
          "exception: { approver: privacy-officer, tell-person: after }",
          "exception: { approver: privacy-officer, tell-person: never }");

  @RegisterExtension static final TestPledge PLEDGE = TestPledge.under(POLICY);

  @Test
  @Clause("II.I.7")
  void withoutTheVersionThatDecidedNothingOfAnExceptionIsTold() throws IOException {
    Scene scene = new Scene(PLEDGE);
    Caller legal = scene.staff("legal-d", "legal");
    Caller officer = scene.staff("privacy-d", "privacy-officer");
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Zhang Wei"));
    scene.clear(person, "authentication", "contact.email");
    List<UUID> told = told(scene, person);

    List<String> name = List.of("identity.name");
    Approved.Granted given =
        (Approved.Granted)
            scene.approve(officer, person, approval("public-security", "legal-d", "identity.name"));
    LegalOrder order = new LegalOrder(given.approval());
    scene.read(request(legal, "public-security", name, "why", Set.of(), order), person);
    ReadRequest inVain = request(legal, "public-security", name, null, Set.of(), null);
    scene.read(inVain, person);
    PLEDGE
        .pledge()
        .explain(new ExplainRequest(new ExplainRequest.OfRead(inVain, null), null), person);
    assertThat(told(scene, person)).isEqualTo(told);

    Path file = POLICY.resolve("policy.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("2020-04-23", "2021-04-23")
            .replace(", tell-person: never", ""));
    PLEDGE.restart();
    assertThat(told(scene, person)).as("and what was no exception still is").isEqualTo(told);
  }

  private static List<UUID> told(Scene scene, SubjectId person) {
    return scene.history(person).stream()
        .map(line -> line.recorded().entry())
        .filter(entry -> !entry.facts().kind().name().equals("history"))
        .map(entry -> entry.id())
        .toList();
  }
}
