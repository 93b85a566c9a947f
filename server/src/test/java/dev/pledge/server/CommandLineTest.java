package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");

  @TempDir private Path directory;

  private record Done(int code, String out, String err) {}

  private static Done run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments);
    return new Done(code, out.toString(), err.toString());
  }

  private static void assertSaid(Done done, int code, String words) {
    assertThat(done.code()).as(done.err()).isEqualTo(code);
    assertThat(done.err()).contains(words).doesNotContain("Exception", "\tat ");
    assertThat(done.err().lines().count()).isLessThanOrEqualTo(2);
  }

  @Test
  void versionIsPrinted() {
    assertThat(run("version").out()).matches("pledge [0-9]+\\.[0-9].*\\R");
  }

  @Test
  void limitsOfTheWatchThatCannotBeUsedStopTheStart() throws IOException {
    Path file = Files.writeString(directory.resolve("watch.yaml"), "bulk-reads: { staf: 10 }");
    String[] up = {
      "up", "--port", "0", "--data", directory.resolve("data").toString(), "--watch", ""
    };
    up[6] = file.toString();
    Done done = run(up);
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("watch.yaml:1:15", "did you mean `staff`?", "cannot be used");
    up[6] = directory.resolve("none.yaml").toString();
    assertSaid(run(up), 1, "--watch FILE");
  }

  @Test
  void badUsageIsTwo() {
    assertSaid(run(), 2, "name a command");
    assertSaid(run("fly"), 2, "fly");
    assertSaid(run("up", "--port", "x"), 2, "--port");
    assertSaid(run("up", "--port", "70000"), 2, "port");
    assertSaid(run("up", "--port", "0", "--keep-log", "P1Y"), 2, "P3Y or longer");
    assertSaid(run("up", "--port", "0", "--archive-after", "soon"), 2, "such as P30D");
    assertSaid(run("up", "--port", "0", "--oldest-key-backup", "P7D"), 2, "go with --epoch-life");
    assertSaid(run("up", "--port", "0", "--epoch-life", "P30D"), 2, "a day longer");
    assertSaid(run("up", "--port", "0", "--epoch-life", "long"), 2, "such as P90D");
    assertSaid(run("token"), 2, "create or revoke");
    assertSaid(run("token", "create", "--actor", "a", "--kind", "wizard"), 2, "--kind");
    assertSaid(run("token", "create", "--actor", "A B", "--kind", "staff"), 2, "--actor");
    assertSaid(
        run("token", "create", "--actor", "a", "--kind", "staff", "--scope", "all"), 2, "scopes");
    assertSaid(run("policy"), 2, "check, show, explain, coverage, diff, replay, render or new");
    assertSaid(run("policy", "check", "/nowhere"), 2, "/nowhere");
  }

  @Test
  void aDecisionIsExplained() {
    Done refused =
        run(
            "policy",
            "explain",
            POLICY.toString(),
            "--role",
            "marketer",
            "--purpose",
            "promotion",
            "--channel",
            "email",
            "--product",
            "meeting",
            "--field",
            "contact.email");
    assertThat(refused.code()).as(refused.err()).isZero();
    assertThat(refused.out())
        .startsWith("emeet@2020-04-23: may be seen for promotion in meeting, as marketer?")
        .contains("contact.email: no, consent-missing")
        .containsPattern("x consent +II\\.I\\.5 +The person has not agreed to this\\.  <- decides");
    Done permitted =
        run(
            "policy",
            "explain",
            POLICY.toString(),
            "--role",
            "marketer",
            "--purpose",
            "promotion",
            "--channel",
            "email",
            "--product",
            "meeting",
            "--field",
            "contact.email",
            "--grants",
            "promotion/email",
            "--language",
            "zh");
    assertThat(permitted.out())
        .contains("contact.email: yes, masked, for promotion")
        .contains("此人的选择与法律依据允许此项使用。");
    Done withdrawn =
        run(
            "policy",
            "explain",
            POLICY.toString(),
            "--role",
            "marketer",
            "--purpose",
            "promotion",
            "--channel",
            "email",
            "--product",
            "meeting",
            "--field",
            "contact.email",
            "--grants",
            "promotion/email",
            "--withdraws",
            "promotion");
    assertThat(withdrawn.out()).contains("contact.email: no, consent-withdrawn");
  }

  @Test
  void whatMayBeStoredIsExplained() throws IOException {
    Path question = directory.resolve("question");
    Files.writeString(
        question,
        """
        --role=product-backend
        --field=location.position
        --product=meeting
        --condition=device-location-on,location-service-in-use
        --json
        """);
    Done refused = run("policy", "explain", POLICY.toString(), "@" + question);
    assertThat(refused.out()).contains("\"reason\": \"consent-missing\"");
    Done permitted =
        run(
            "policy",
            "explain",
            POLICY.toString(),
            "@" + question,
            "--grants=location-service",
            "--grants-sensitive=location-service");
    assertThat(permitted.out())
        .contains("\"view\": \"clear\"", "\"purpose\": \"location-service\"");
  }

  @Test
  void theNearestNameIsSuggestedForOneThatIsUnknown() {
    String[] question = {"policy", "explain", POLICY.toString(), "--field", "contact.emial"};
    assertThat(run(with(question, "--purpose", "promtion")).out())
        .contains(
            "--purpose: the policy has none of that name; did you mean `promotion`?",
            "contact.emial: no, unknown-purpose; did you mean `contact.email`?");
    assertThat(run(with(question, "--condition", "device-locaton-on")).out())
        .contains(
            "--condition: the policy has none of that name; did you mean `device-location-on`?");
    assertSaid(run(with(question, "--role", "marketeer")), 2, "did you mean `marketer`?");
    assertSaid(
        run(with(question, "--grants", "promtion/email")),
        2,
        "--grants: the policy has no purpose `promtion`; did you mean `promotion`?");
    assertSaid(run(with(question, "--withdraws", "promotion/smss")), 2, "as `promotion/sms`");
    assertSaid(
        run(with(question, "--uses", "metting")),
        2,
        "--uses: the policy has no product `metting`; did you mean `meeting`?");
    assertSaid(
        run(with(question, "--removed", "contact.emial")),
        2,
        "--removed: the policy has no field `contact.emial`; did you mean `contact.email`?");
    assertSaid(run(with(question, "--uses", "quite-another")), 2, "no product `quite-another`");
  }

  @Test
  void somebodyWhoStayedAwayCanBeDescribed() {
    String[] question = {
      "policy",
      "explain",
      POLICY.toString(),
      "--role=product-backend",
      "--purpose=settings",
      "--product=meeting",
      "--field=device.language",
      "--at=2026-05-01",
      "--json"
    };
    assertThat(run(question).out()).contains("\"view\": \"clear\"");
    assertThat(run(with(question, "--last-used", "2024-04-30")).out())
        .contains("\"reason\": \"dormant\"");
    assertSaid(run(with(question, "--last-used", "lately")), 2, "2026-05-01");
  }

  @Test
  void whatIsMisspeltInADescriptionOfSomebodyIsTold() {
    String[] question = {"policy", "explain", POLICY.toString(), "--field", "contact.email"};
    assertSaid(run("policy", "explain", POLICY.toString()), 2, "--field");
    assertSaid(run("policy", "explain", "/nowhere", "--field", "a.b"), 2, "/nowhere");
    assertSaid(run(with(question, "--grants", "promtion")), 2, "no purpose `promtion`");
    assertSaid(run(with(question, "--uses", "metting")), 2, "no product `metting`");
    assertSaid(run(with(question, "--accepted", "1")), 2, "emeet@2020-04-23");
    assertSaid(run(with(question, "--at", "yesterday")), 2, "2026-05-01");
    assertSaid(run(with(question, "--collected", "meeting")), 2, "meeting@2026-01-31");
    assertSaid(run(with(question, "--language", "fr")), 2, "en or zh");
    assertSaid(run(with(question, "--role", "No Role")), 2, "malformed role name");
  }

  @Test
  void theCoverageIsWritten() {
    Done text = run("policy", "coverage", POLICY.toString());
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out()).containsPattern("II\\.I\\.6 +kept +");
    assertThat(run("policy", "coverage", "--html", POLICY.toString()).out())
        .startsWith("<!DOCTYPE html>");
    assertThat(run("policy", "coverage", "--json", POLICY.toString()).out())
        .contains("\"clause\" : \"II.I.5\"".replace(" :", ":"));
    assertSaid(run("policy", "coverage", "--json", "--html", POLICY.toString()), 2, "--json");
    assertSaid(run("policy", "coverage", "/nowhere"), 2, "/nowhere");
  }

  @Test
  void aRevisionIsCompared() throws IOException {
    Path next = Files.createDirectory(directory.resolve("next"));
    try (var files = Files.list(POLICY)) {
      for (Path file : files.toList()) {
        Files.copy(file, next.resolve(file.getFileName()));
      }
    }
    Path rules = next.resolve("policy.yaml");
    Files.writeString(
        rules,
        Files.readString(rules)
            .replace("version: 2020-04-23\n", "version: next\n")
            .replace("channels: [service, email, sms]", "channels: [service, email, sms, push]")
            .replace("sees: clear\n    undertaking", "sees: masked\n    undertaking"));
    Done compared = run("policy", "diff", POLICY.toString(), next.toString());
    assertThat(compared.code()).as(compared.err()).isZero();
    assertThat(compared.out())
        .startsWith("emeet@2020-04-23 -> emeet@next")
        .contains("purpose `promotion`: channels: + push")
        .contains("role `legal`: sees: clear -> masked")
        .containsPattern("consents that end\\R  pooling\\R  promotion\\R  third-party-promotion\\R")
        .contains("all together: material");
    assertThat(run("policy", "diff", "--json", POLICY.toString(), next.toString()).out())
        .contains("\"consentsThatEnd\"");
    assertThat(run("policy", "diff", POLICY.toString(), POLICY.toString()).out())
        .contains("nothing changes");
    assertSaid(run("policy", "diff", POLICY.toString(), "/nowhere"), 2, "/nowhere");
  }

  @Test
  void whatCountsForAProductIsWrittenOut() {
    Done calendar = run("policy", "show", POLICY.toString(), "--product", "calendar");
    assertThat(calendar.code()).as(calendar.err()).isZero();
    assertThat(calendar.out())
        .startsWith("# emeet@2020-04-23, for product `calendar`")
        .contains(
            "#   narrowing: purpose `improvement`: uses: - log.feature-use",
            "keep: P3M, from: collection, then: delete }  # calendar.yaml:");
    assertThat(run("policy", "show", POLICY.toString(), "--product", "meeting").out())
        .contains("# It has no terms of its own.");
    assertSaid(
        run("policy", "show", POLICY.toString(), "--product", "calender"),
        2,
        "no product `calender`");
    assertThat(run("policy", "check", POLICY.toString()).out())
        .contains("1 product with terms of its own");
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void demoListensOnThisMachineAlone() {
    assertSaid(run("up", "--demo", "--host", "0.0.0.0"), 2, "this machine alone");
  }

  @Test
  void takenPortIsToldWithARemedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertSaid(
          run("up", "--port", port, "--data", directory.resolve("data").toString()), 1, "--port N");
      assertThat(directory.resolve("data")).doesNotExist();
    }
  }

  @Test
  void anchorsThatCannotBeUsedAreToldWithPlaceAndRemedy() throws IOException {
    String data = directory.resolve("data").toString();
    Path file = directory.resolve("anchors.yaml");
    assertSaid(
        run("up", "--port", "0", "--data", data, "--anchors", file.toString()),
        1,
        "could not read `" + file + "`; name the anchors with --anchors FILE");
    Files.writeString(file, "anchors:\n  mirror: { kind: file, path: mirror }\n");
    Done done = run("up", "--port", "0", "--data", data, "--anchors", file.toString());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err())
        .contains(
            file + ":2:31: `path` of anchor `mirror` is `mirror`; write it as `/mnt/elsewhere/",
            "the anchors in `" + file + "` cannot be used; see above");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void aMailServerThatCannotBeUsedIsToldWithPlaceAndRemedy() throws IOException {
    String data = directory.resolve("data").toString();
    Path file = directory.resolve("mail.yaml");
    assertSaid(
        run("up", "--port", "0", "--data", data, "--mail", file.toString()),
        1,
        "could not read `" + file + "`; name the mail server's file with --mail FILE");
    Files.writeString(
        file,
        """
        host: mail.example.org
        from: privacy@example.org
        links: http://privacy.example.org
        """);
    Done done = run("up", "--port", "0", "--data", data, "--mail", file.toString());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err())
        .contains(
            file + ":3:8: `links`",
            "write it as `https://privacy.example.org`",
            "what `" + file + "` says cannot be used; see above");
    Files.writeString(
        file,
        """
        host: mail.example.org
        from: privacy@example.org
        links: https://privacy.example.org
        purpose: letters
        """);
    assertSaid(
        run(
            "up",
            "--port",
            "0",
            "--data",
            data,
            "--policy",
            POLICY.toString(),
            "--mail",
            file.toString()),
        1,
        "the purpose `letters`, which the policy does not have; name another as `purpose`");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void keysInsideTheDataAreRefusedWithARemedy() {
    assertSaid(
        run(
            "up",
            "--port",
            "0",
            "--policy",
            POLICY.toString(),
            "--data",
            directory.resolve("data").toString(),
            "--keys",
            directory.resolve("data/keys").toString()),
        1,
        "keys");
  }

  @Test
  void soundPolicyIsZeroAndAnUnsoundOneIsOneWithPlaces() throws IOException {
    Done sound = run("policy", "check", POLICY.toString());
    assertThat(sound.code()).isZero();
    assertThat(sound.out()).contains("emeet@2020-04-23 is sound");
    Path copy = Files.createDirectory(directory.resolve("policy"));
    for (String file : new String[] {"notice.en.md", "notice.zh.md"}) {
      Files.copy(POLICY.resolve(file), copy.resolve(file));
    }
    String text = Files.readString(POLICY.resolve("policy.yaml"));
    Files.writeString(
        copy.resolve("policy.yaml"), text.replace("uses: [contact, account]", "uses: [contakt]"));
    Done unsound = run("policy", "check", copy.toString());
    assertThat(unsound.code()).isEqualTo(1);
    assertThat(unsound.out())
        .containsPattern("policy.yaml:[0-9]+:[0-9]+:")
        .contains("contakt", "not usable");
  }

  @Test
  void newPolicyIsSoundAndTheNextCommandsAreTold() {
    Path shop = directory.resolve("deep/my-shop");
    Done made =
        run("policy", "new", shop.toString(), "--jurisdiction", "CN,US", "--language", "zh");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out())
        .contains("policy.yaml", "notice.zh.md", "labels.zh.yaml", "policy.schema.json")
        .contains("  ./pledge policy check " + shop, "  ./pledge up --policy " + shop);
    Done checked = run("policy", "check", shop.toString());
    assertThat(checked.code()).as(checked.out()).isZero();
    assertThat(checked.out()).startsWith("my-shop@20").doesNotContain("warning");
  }

  @Test
  void newPolicyWritesOverNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertSaid(run("policy", "new", file.toString()), 1, "no directory to write into");
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.writeString(full.resolve("notice.en.md"), "mine");
    assertSaid(run("policy", "new", full.toString()), 1, "is not empty");
    assertThat(full.resolve("notice.en.md")).hasContent("mine");
    assertThat(full.resolve("policy.yaml")).doesNotExist();
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(run("policy", "new", empty.toString()).code()).isZero();
  }

  @Test
  void newPolicyThatCannotBeWrittenIsRefusedAndMakesNothing() {
    Path odd = directory.resolve("My Shop");
    assertSaid(run("policy", "new", odd.toString()), 2, "--id gives the policy another name");
    assertSaid(run("policy", "new", odd.toString(), "--id", "S"), 2, "`S` is no name of a policy");
    assertSaid(
        run("policy", "new", odd.toString(), "--id", "s", "--jurisdiction", "XX"), 2, "use one of");
    assertSaid(run("policy", "new", odd.toString(), "--id", "s", "--language", "de"), 2, "en, zh");
    assertThat(odd).doesNotExist();
    assertThat(run("policy", "new", odd.toString(), "--id", "s").code()).isZero();
  }

  @Test
  void policyIsRenderedWhereAndAsAsked() throws IOException {
    assertThat(run("policy", "render", POLICY.toString()).out())
        .startsWith("<!DOCTYPE html>")
        .contains("<html lang=\"en\">");
    assertThat(
            run(
                    "policy",
                    "render",
                    POLICY.toString(),
                    "--language",
                    "zh",
                    "--format",
                    "markdown",
                    "--product",
                    "meeting")
                .out())
        .startsWith("# ")
        .contains("eMeet 会议");
    Path file = directory.resolve("policy.md");
    assertThat(run("policy", "render", POLICY.toString(), "--out", file.toString()))
        .isEqualTo(new Done(0, "", ""));
    assertThat(file).content().startsWith("# ");
    Path all = Files.createDirectory(directory.resolve("all"));
    assertThat(run("policy", "render", POLICY.toString(), "--out", all.toString()).code()).isZero();
    try (Stream<Path> written = Files.list(all)) {
      assertThat(written.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "policy.en.html", "policy.en.md", "policy.zh.html", "policy.zh.md");
    }
    assertThat(all.resolve("policy.zh.html"))
        .content()
        .contains("<html lang=\"zh\">", "href=\"policy.en.html\"");
  }

  @Test
  void whatCannotBeRenderedIsSaid() throws IOException {
    String policy = POLICY.toString();
    assertSaid(run("policy", "render", "/nowhere"), 2, "/nowhere");
    assertSaid(run("policy", "render", policy, "--language", "de"), 2, "it has en, zh");
    assertSaid(
        run("policy", "render", policy, "--product", "meating"), 2, "it has general, meeting");
    assertSaid(run("policy", "render", policy, "--format", "pdf"), 2, "--format");
    for (String other : List.of("policy.pdf", "policy", "policy.html.txt")) {
      Path pdf = directory.resolve(other);
      assertSaid(
          run("policy", "render", policy, "--out", pdf.toString()), 2, ".html, .htm, .md or");
      assertThat(pdf).doesNotExist();
    }
    String page = directory.resolve("policy.txt").toString();
    assertThat(run("policy", "render", policy, "--format", "html", "--out", page).code()).isZero();
    String nowhere = directory.resolve("none/policy.html").toString();
    assertSaid(run("policy", "render", policy, "--out", nowhere), 1, "could not write");
    Path empty = Files.createDirectory(directory.resolve("unsound"));
    Done unsound = run("policy", "render", empty.toString());
    assertThat(unsound.code()).isEqualTo(1);
    assertThat(unsound.out()).isEmpty();
    assertThat(unsound.err()).contains("policy.yaml", "the file is missing", "not sound");
  }

  @Test
  void policyThatIsNotSoundIsNotStarted() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Done done =
        run(
            "up",
            "--port",
            "0",
            "--policy",
            empty.toString(),
            "--data",
            directory.resolve("data").toString());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("pledge:").doesNotContain("Exception");
  }

  /** What the words of one line do, on a data directory and the reference policy. */
  private static Done token(Path data, String words) {
    List<String> arguments = new ArrayList<>(List.of("token", "create"));
    arguments.addAll(List.of(words.split(" ")));
    arguments.addAll(List.of("--policy", POLICY.toString(), "--data", data.toString()));
    return run(arguments.toArray(String[]::new));
  }

  private Path dataThatWasUsed() {
    Path data = directory.resolve("data");
    EmbeddedPostgres.open(data, new SecureRandom()).close();
    return data;
  }

  @Test
  void tokenOnADirectoryWithoutDataIsRefusedAndMakesNone() {
    Path typo = directory.resolve("dada");
    assertSaid(
        token(typo, "--actor a --kind service --role product-backend"), 1, "holds no database");
    assertSaid(
        run("token", "revoke", "--actor", "a", "--data", typo.toString()), 1, "holds no database");
    assertThat(typo).doesNotExist();
  }

  @Test
  void tokenForWhatThePolicyDoesNotKnowIsRefusedWithTheNamesThereAre() {
    Path none = directory.resolve("none");
    assertSaid(
        token(none, "--actor a --kind staff --role suport-agent"),
        2,
        "--role: the policy has no `suport-agent`; it has ");
    assertThat(token(none, "--actor a --kind staff --role x").err()).contains(", support-agent");
    assertSaid(
        token(none, "--actor a --kind staff --role support-agent --product meating"),
        2,
        "--product: the policy has no `meating`; it has ");
    assertSaid(
        token(none, "--actor a --kind staff --role support-agent --undertaking silence"),
        2,
        "--undertaking: the policy has no `silence`; it has confidentiality");
  }

  @Test
  void tokenAgainstAPolicyThatIsNotThereIsRefused() {
    Path none = directory.resolve("none");
    assertSaid(
        run("token", "create", "--actor", "a", "--kind", "staff", "--policy", none.toString()),
        1,
        "policy.yaml");
  }

  @Test
  void secondTokenChangesNoRightsUnlessToldTo() {
    Path data = dataThatWasUsed();
    String support = "--actor jo --kind staff --role support-agent --product meeting";
    assertThat(token(data, support).code()).isZero();
    assertThat(token(data, support).code()).isZero();
    Done other = token(data, "--actor jo --kind staff --role analyst --product meeting");
    assertSaid(other, 1, "`jo` is there with other rights: staff, roles [support-agent]");
    assertThat(other.err()).contains("--replace");
    Done replaced =
        token(data, "--actor jo --kind staff --role analyst --product meeting --replace");
    assertThat(replaced.code()).isZero();
    assertThat(replaced.err()).contains("every token of jo now stands for");
    assertSaid(token(data, support), 1, "roles [analyst]");
  }

  @Test
  void tokenIsMadeAndRevokedWithoutAServer() {
    Path data = dataThatWasUsed();
    Done made = create(data);
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out().strip()).matches("pledge_[A-Za-z0-9_-]{43}");
    assertThat(made.err()).contains("back.end").doesNotContain(made.out().strip());
    assertThat(revoke(data).out()).contains("1 token revoked");
    assertSaid(revoke(data), 1, "no token");
    try (EmbeddedPostgres server = EmbeddedPostgres.open(data, new SecureRandom())) {
      assertThat(logged(server.connections(), data)).containsExactlyInAnyOrder(GIVEN_AND_REVOKED);
    }
  }

  @Test
  void tokenIsMadeAndRevokedBesideAServer() {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("data-keys");
    try (Pledge running = Pledge.open(Configuration.embedded(POLICY, data, keys))) {
      Done made = create(data);
      assertThat(made.code()).as(made.err()).isZero();
      assertThat(running.actors().authenticate(made.out().strip())).isPresent();
      assertThat(revoke(data).out()).contains("1 token revoked");
      assertSaid(revoke(data), 1, "no token");
      assertThat(logged(EmbeddedPostgres.attach(data), data))
          .containsExactlyInAnyOrder(GIVEN_AND_REVOKED);
    }
  }

  @Test
  void withoutTheKeysOfTheDataNoTokenIsMade() {
    Path data = directory.resolve("data");
    Path keys = directory.resolve("data-keys");
    Path elsewhere = directory.resolve("elsewhere");
    try (Pledge running = Pledge.open(Configuration.embedded(POLICY, data, keys))) {
      assertThat(running.policyInForce()).isPresent();
      assertSaid(create(data, "--keys", elsewhere.toString()), 1, "root key");
    }
    assertSaid(create(data, "--keys", elsewhere.toString()), 1, "root key");
    try (EmbeddedPostgres server = EmbeddedPostgres.open(data, new SecureRandom())) {
      assertThat(logged(server.connections(), data)).isEmpty();
    }
  }

  private static final String[] GIVEN_AND_REVOKED = {
    "actor back.end by system command-line",
    "token back.end by system command-line",
    "revoke back.end by system command-line"
  };

  private static Done create(Path data, String... more) {
    return token(
        data,
        "--actor back.end --kind service --role product-backend --product meeting --scope subjects"
            + " --expires PT8H "
            + String.join(" ", more));
  }

  private static Done revoke(Path data) {
    return run("token", "revoke", "--actor", "back.end", "--data", data.toString());
  }

  /** What the log says was done, oldest first: kind, target and caller; not who opened the keys. */
  private static List<String> logged(Connections connections, Path data) {
    Path keys = data.resolveSibling("data-keys");
    SecureRandom random = new SecureRandom();
    try (Database database = Database.over(connections.owner());
        FileRootKey root = FileRootKey.open(keys.resolve("root"), data, random);
        KeyStore store =
            KeyStore.openReadOnly(
                keys.resolve("store"),
                data,
                new SeenKeyStore(database).lastInUse(),
                root,
                random)) {
      return database.read(
          handle ->
              handle
                  .createQuery("select id, epoch, sealed from intake order by id")
                  .map(
                      (row, context) -> {
                        UUID id = row.getObject("id", UUID.class);
                        var sealed =
                            new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed"));
                        return Entry.decode(store.intakeSeal().open(id, sealed));
                      })
                  .map(Entry::facts)
                  .filter(facts -> !facts.kind().equals(Kind.EPOCH_UNWRAPPED))
                  .map(CommandLineTest::shown)
                  .list());
    }
  }

  private static String shown(Facts facts) {
    return facts.kind()
        + " "
        + facts.target().orElseThrow()
        + " by "
        + facts.caller().type()
        + " "
        + facts.caller().id().orElseThrow();
  }
}
