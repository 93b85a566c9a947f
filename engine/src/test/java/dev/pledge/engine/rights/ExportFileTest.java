package dev.pledge.engine.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.engine.gate.InventoryRequest;
import dev.pledge.engine.gate.InventoryRequest.Aim;
import dev.pledge.engine.gate.Scene;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.SubjectId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The file that people take along, and what they are told of what is in it. */
class ExportFileTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);

  private <T> T open(SubjectId person, Function<Inventory.Open, T> use) {
    return PLEDGE
        .pledge()
        .inventory(
            new InventoryRequest(
                scene.backend,
                Asker.Capacity.SUBJECT,
                Asker.Assurance.STEPPED_UP,
                new Aim.Export()),
            person,
            found -> use.apply((Inventory.Open) found));
  }

  private static ExportFile file(Inventory.Open open) {
    HoldingWords words =
        HoldingWords.of(
            PLEDGE.pledge().policyFiles().version(open.policy().version()), Locale.ENGLISH);
    return new ExportFile(open, words, PLEDGE.pledge()::origin);
  }

  private static final byte[] END = {'P', 'K', 5, 6};

  private static boolean hasEnd(byte[] zip) {
    for (int i = zip.length - 22; i >= 0; i--) {
      if (java.util.Arrays.equals(zip, i, i + END.length, END, 0, END.length)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] whole(Inventory.Open open) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    file(open).write(out);
    return out.toByteArray();
  }

  @Test
  @Clause("V.1")
  void aFileThatBreaksOffHasNoEnd() throws IOException {
    SubjectId person = scene.adult();
    byte[] whole = open(person, ExportFileTest::whole);
    assertThat(hasEnd(whole)).isTrue();
    ByteArrayOutputStream given = new ByteArrayOutputStream();
    assertThatThrownBy(
            () ->
                open(
                    person,
                    open -> {
                      PLEDGE.change(
                          scene.backend,
                          changes ->
                              changes.erase(
                                  person, true, dev.pledge.engine.gate.Parting.Marking.LEFT));
                      file(open).write(given);
                      return open;
                    }))
        .isInstanceOf(Inventory.ErasedMeanwhile.class);
    assertThat(hasEnd(given.toByteArray())).isFalse();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(whole))) {
      assertThat(in.getNextEntry().getName()).isEqualTo("README.txt");
    }
  }

  @Test
  void whoNoLongerReadsStopsTheWriting() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("nobody reads");
          }
        };
    assertThatThrownBy(
            () ->
                open(
                    scene.adult(),
                    open -> {
                      file(open).write(gone);
                      return open;
                    }))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  @Clause("V.2")
  void whatStopsWithoutAValueIsTold() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Ada"));
    HoldingTerms terms =
        open(
            person,
            open ->
                HoldingTerms.of(
                        open.policy(),
                        FieldId.of("identity.name"),
                        new ProductId("meeting"),
                        open.state())
                    .orElseThrow());
    assertThat(terms.stops())
        .extracting(purpose -> purpose.id())
        .contains(new PurposeId("customer-service"))
        .doesNotContain(new PurposeId("archiving"));
    assertThat(terms.purposes())
        .extracting(purpose -> purpose.id())
        .contains(new PurposeId("archiving"));
    assertThat(terms.sensitive()).isFalse();
  }
}
