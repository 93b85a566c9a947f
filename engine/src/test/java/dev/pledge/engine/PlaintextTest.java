package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.NewToken;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Marked values are stored, read, corrected and failed on; afterwards no file of the data directory
 * or of the keys holds one, in any of the forms in which text is written.
 */
@Clause("IV.2")
class PlaintextTest {
  private static final String LATIN = "Zqxjkvwpy";
  private static final String HAN = "龘靐齉齾爩";
  private static final String DIGITS = "13912345670";
  private static final String CONTROL = "Xylographicmark";

  @TempDir private Path home;

  private NewToken token;

  @Test
  void plaintextIsNowhere() throws IOException {
    Path data = home.resolve("data");
    Path keys = home.resolve("keys");
    try (Pledge pledge = Pledge.open(Configuration.embedded(TestPledge.policy(), data, keys))) {
      live(pledge);
      fail(pledge, data);
      try (Database owner = Database.over(EmbeddedPostgres.attach(data).owner())) {
        owner.read(handle -> handle.execute("create table scratch (mark text)"));
        owner.read(handle -> handle.execute("insert into scratch values (?)", CONTROL));
      }
    }
    // The server has stopped: what it held in memory is in its files, and so is its journal.
    assertThat(filesWith(home, CONTROL)).as("the positive control").isNotEmpty();
    for (String mark :
        List.of(
            LATIN,
            LATIN.toLowerCase(Locale.ROOT),
            HAN,
            DIGITS,
            "139 1234 5670",
            "Qvjxnotice",
            "Kwzreason",
            token.secret().substring(7))) {
      assertThat(filesWith(home, mark)).as("files that hold a mark").isEmpty();
    }
  }

  @Test
  void theScanFindsEveryForm() throws IOException {
    byte[] mark = HAN.getBytes(StandardCharsets.UTF_8);
    for (int lead = 0; lead < 3; lead++) {
      byte[] bytes = new byte[lead + mark.length + 5];
      Arrays.fill(bytes, (byte) 7);
      System.arraycopy(mark, 0, bytes, lead, mark.length);
      Path file = home.resolve("base64-" + lead);
      Files.writeString(file, "noise" + Base64.getEncoder().encodeToString(bytes));
    }
    Files.write(home.resolve("utf-16le"), ("x" + HAN).getBytes(StandardCharsets.UTF_16LE));
    Files.write(home.resolve("utf-16be"), ("x" + HAN).getBytes(StandardCharsets.UTF_16BE));
    Files.writeString(home.resolve("hex"), "\\x00" + HexFormat.of().formatHex(mark));
    Files.writeString(home.resolve("plain"), "..." + HAN);
    Files.writeString(home.resolve("none"), "nothing here");
    assertThat(filesWith(home, HAN)).hasSize(7);
  }

  private void live(Pledge pledge) {
    Caller caller = caller(pledge);
    SubjectId person = registered(pledge, caller);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("identity.name", HAN + " " + LATIN);
    values.put("identity.occupation", LATIN);
    values.put("identity.postal-address", LATIN);
    values.put("identity.id-number", DIGITS);
    values.put("payment.bank-card", DIGITS);
    values.put("contact.phone", "+86" + DIGITS);
    values.put("device.id", LATIN + DIGITS);
    values.put("device.name", HAN);
    values.put("device.language", LATIN);
    values.put(LATIN + "." + DIGITS, HAN);
    values.put(HAN, LATIN);
    values.put(
        "log.access",
        List.of(
            Map.of(
                "observedAt",
                "2026-01-01T00:00:00Z",
                "value",
                Map.of("event", "open", "attributes", Map.of("who", LATIN + HAN)))));
    change(pledge, caller, changes -> changes.collect(person, collection(values)));
    change(
        pledge,
        caller,
        changes -> changes.correct(person, collection(Map.of("identity.name", LATIN + HAN))));
    change(pledge, caller, changes -> changes.delete(person, List.of("device.name")));
    change(pledge, caller, changes -> changes.delete(person, List.of(DIGITS, LATIN)));
    change(
        pledge,
        caller,
        changes ->
            changes.consent(
                person,
                new ConsentChange(
                    "recommendation",
                    Answer.GRANTED,
                    "meeting",
                    null,
                    Coverage.ORDINARY,
                    By.SELF,
                    evidence())));
    ReadAnswer.Answer answer =
        (ReadAnswer.Answer)
            pledge.read(request(caller, List.of("identity.name", "contact.phone", LATIN)), person);
    assertThat(answer.toString()).doesNotContain(LATIN, HAN, DIGITS);
    assertThat(answer.allWithheld()).isFalse();
    pledge.find(caller, "phone", "+86 139 1234 5670", "authentication", "meeting");
    pledge.find(caller, "email", LATIN + "@example.com", LATIN, HAN);
    SubjectId gone = registered(pledge, caller, "Gone" + LATIN + "@example.com");
    change(pledge, caller, changes -> changes.erase(gone));
  }

  /**
   * Statements fail while they carry sealed values; what the server writes about it says nothing.
   */
  private static void fail(Pledge pledge, Path data) {
    try (Database owner = Database.over(EmbeddedPostgres.attach(data).owner())) {
      owner.read(
          handle ->
              handle.execute(
                  "alter table datum add constraint none check (version < 0) not valid"));
      owner.read(
          handle ->
              handle.execute("alter table alias add constraint none check (epoch < 0) not valid"));
      Caller caller =
          new Caller(
              new ActorId("backend"),
              Asker.Kind.SERVICE,
              Set.of(new RoleId("product-backend")),
              Set.of(new ProductId("meeting")),
              Set.of(),
              Map.of());
      try {
        registered(pledge, caller, "Failed" + LATIN + "@example.com");
        throw new AssertionError("the constraint did not refuse");
      } catch (DatabaseFailed refused) {
        assertThat(refused.toString()).doesNotContainIgnoringCase(LATIN);
      }
    }
  }

  private Caller caller(Pledge pledge) {
    token =
        pledge
            .actors()
            .create(
                new NewActor(
                    new ActorId("backend"),
                    Asker.Kind.SERVICE,
                    Set.of(new RoleId("product-backend")),
                    Set.of(new ProductId("meeting")),
                    Set.of(Scope.values()),
                    Set.of()),
                Duration.ofDays(1),
                TestPledge.BY);
    return pledge.actors().authenticate(token.secret()).orElseThrow();
  }

  private static SubjectId registered(Pledge pledge, Caller caller) {
    return registered(pledge, caller, LATIN + "@example.com");
  }

  private static SubjectId registered(Pledge pledge, Caller caller, String email) {
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", email),
            LocalDate.of(1990, 5, 17),
            new Acceptance(TestPledge.EMEET, evidence()),
            List.of(),
            "CN");
    Object[] result = new Object[1];
    change(pledge, caller, changes -> result[0] = changes.register(registration));
    return ((Registered.Subject) result[0]).subject();
  }

  private static Evidence evidence() {
    return new Evidence("checked-box", "Qvjxnotice", "en", TestPledge.now(), HAN + LATIN);
  }

  private static Collection collection(Map<String, Object> values) {
    return new Collection("meeting", "person", Set.of(), values);
  }

  private static ReadRequest request(Caller caller, List<String> fields) {
    return new ReadRequest(
        caller,
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        "customer-service",
        "meeting",
        fields,
        null,
        "Kwzreason " + HAN,
        Set.of(),
        null,
        Window.DEFAULT);
  }

  private static void change(Pledge pledge, Caller caller, TestPledge.Change<?> change) {
    pledge.once(
        caller,
        LATIN + "-" + System.nanoTime(),
        LATIN.getBytes(StandardCharsets.UTF_8),
        changes -> {
          change.make(changes);
          return new Reply(201, "/" + LATIN, (HAN + DIGITS).getBytes(StandardCharsets.UTF_8));
        });
  }

  // ------------------------------------------------------------------------------------- the scan

  private static Set<Path> filesWith(Path directory, String mark) throws IOException {
    List<String> forms =
        forms(mark).stream().map(form -> new String(form, StandardCharsets.ISO_8859_1)).toList();
    Set<Path> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        // A byte is a character of Latin-1, and texts are searched fast.
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (forms.stream().anyMatch(content::contains)) {
          found.add(directory.relativize(file));
        }
      }
    }
    return found;
  }

  private static List<byte[]> forms(String mark) {
    List<byte[]> forms = new ArrayList<>();
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      byte[] bytes = mark.getBytes(charset);
      forms.add(bytes);
      String hex = HexFormat.of().formatHex(bytes);
      forms.add(ascii(hex));
      forms.add(ascii(hex.toUpperCase(Locale.ROOT)));
      forms.addAll(base64(bytes));
    }
    return forms;
  }

  /** What of the base64 of any text that holds the bytes is the same whatever surrounds them. */
  private static List<byte[]> base64(byte[] bytes) {
    List<byte[]> forms = new ArrayList<>();
    for (int lead = 0; lead < 3; lead++) {
      byte[] padded = new byte[lead + bytes.length];
      System.arraycopy(bytes, 0, padded, lead, bytes.length);
      int from = (lead * 8 + 5) / 6;
      int to = padded.length * 8 / 6;
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        forms.add(ascii(encoder.encodeToString(padded).substring(from, to)));
      }
    }
    return forms;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
