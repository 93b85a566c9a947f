package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.log.ByteString;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.SignedNote;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page that verifies receipts tells people, in a browser. */
class VerifyPageTest {
  private static final TestServer SERVER = TestServer.shared();
  private static final Path VECTORS = Path.of("../log/src/test/resources/dev/pledge/log");
  private static final String ALL_GOOD = "good good good good good";

  private static final String VERIFY =
      """
      (async () => {
        document.querySelector('form').requestSubmit();
        const isRunning = () => document.querySelector('form button').disabled;
        while (isRunning()) await new Promise(done => setTimeout(done, 5));
        return [...document.querySelectorAll('.steps li')].map(step => step.dataset.state).join(' ');
      })()
      """;

  private static Browser browser;
  private static ObjectNode answer;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.open();
    String subject = SERVER.adult();
    SERVER.read(SERVER.support, subject, "customer-service", "contact.email");
    Answered read = SERVER.read(SERVER.support, subject, "customer-service", "contact.email");
    answer = (ObjectNode) read.json();
    SERVER.read(SERVER.support, subject, "customer-service", "contact.email");
    TestServer.await("the log to cover the entry", () -> SERVER.send(proof()).status() == 200);
  }

  private static HttpRequest.Builder proof() {
    return SERVER.request("/v1/audit/pledge/proof?entry=" + answer.at("/receipt/entry").asText());
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @BeforeEach
  void forget() throws Exception {
    visit();
    browser.evaluate("localStorage.clear()");
  }

  private static void visit() throws InterruptedException {
    browser.visit(address(), 1280, "light");
  }

  private static String address() {
    return "http://127.0.0.1:" + SERVER.web.port() + "/verify";
  }

  private static void enter(String where, String text) throws InterruptedException {
    browser.evaluate(
        "document.querySelector('#%s').value = %s".formatted(where, Json.object().textNode(text)));
  }

  private static String verify(JsonNode pasted) throws InterruptedException {
    enter("receipt", pasted.toString());
    return browser.evaluate(VERIFY);
  }

  private static String found(String step) throws InterruptedException {
    return browser.evaluate("document.querySelector('#" + step + " .found').textContent");
  }

  private static String verdict() throws InterruptedException {
    return browser.evaluate("document.querySelector('#verdict').dataset.state");
  }

  private static ObjectNode receipt() {
    return answer.path("receipt").deepCopy();
  }

  /** The receipt with another text for a member. */
  private static ObjectNode with(String member, String from, String to) {
    String text = receipt().path(member).asText();
    assertThat(text).contains(from);
    return receipt().put(member, text.replace(from, to));
  }

  // ---------------------------------------------------------------- what holds

  @Test
  @Clause("IV.2")
  void aReceiptThatIsKeptHoldsAndTheCheckpointIsComparedTheNextTime() throws Exception {
    assertThat(verify(answer)).isEqualTo("good good good good noted");
    assertThat(verdict()).isEqualTo("good");
    assertThat(found("step-promise")).contains("from elsewhere would prove more");
    assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("verdict");
    assertThat(browser.evaluate("document.querySelector('#step-position dl').textContent"))
        .contains(answer.at("/receipt/leaf").asText());
    SERVER.read(SERVER.support, SERVER.adult(), "customer-service", "contact.email");
    visit();
    assertThat(verify(receipt())).isEqualTo(ALL_GOOD);
    assertThat(found("step-growth")).contains("unchanged");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void itIsFoundInTheLastLineOfAnAnswerAndTakenFromAFile() throws Exception {
    enter("receipt", "{\"status\":200}\n" + answer + "\n");
    assertThat(browser.evaluate(VERIFY)).startsWith("good good good good");
    visit();
    browser.evaluate(
        """
        (() => {
          const files = new DataTransfer();
          files.items.add(new File([%s], 'receipt.json'));
          const drop = new DragEvent('drop', {dataTransfer: files, cancelable: true});
          document.querySelector('form').dispatchEvent(drop);
        })()
        """
            .formatted(Json.object().textNode(answer.toString())));
    String isDone = "document.querySelector('#verdict').dataset.state";
    assertThat(
            browser.evaluate(
                "(async () => { while (%1$s !== 'good') await new Promise(f => setTimeout(f, 5)); return %1$s })()"
                    .formatted(isDone)))
        .isEqualTo("good");
  }

  @Test
  void whatIsNoReceiptIsSaidToBeNone() throws Exception {
    enter("receipt", " ");
    browser.evaluate(VERIFY);
    assertThat(browser.evaluate("document.querySelector('#trouble').textContent"))
        .isEqualTo("Paste a receipt first.");
    for (String text : List.of("hello", "{}", "{\"receipt\":{\"leaf\":\"00\"}}", "null")) {
      enter("receipt", text);
      browser.evaluate(VERIFY);
      assertThat(browser.evaluate("document.querySelector('#trouble').textContent"))
          .contains("neither a receipt");
      assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("receipt");
    }
  }

  @Test
  void aBrowserWithoutEd25519VerifiesAllTheSame() throws Exception {
    browser.evaluate("crypto.subtle.importKey = () => Promise.reject(new Error('unknown'))");
    assertThat(verify(answer)).isEqualTo("good good good good noted");
    assertThat(browser.evaluate("document.querySelector('#step-promise dl').textContent"))
        .contains("ed25519.js");
    assertThat(verify(with("promise", "within 60", "within 61"))).startsWith("bad skipped good");
  }

  @Test
  void anEntryThatNoCheckpointCoversIsDueByTheTimePromised() throws Exception {
    answeredOtherwise("/proof", "text => ''", 404);
    assertThat(verify(answer)).isEqualTo("good good good later noted");
    assertThat(verdict()).isEqualTo("later");
    assertThat(found("verdict")).contains(" UTC");
    browser.evaluate("Date.now = () => 4e12");
    assertThat(verify(answer)).startsWith("good good good bad");
    assertThat(found("step-position")).contains("is broken");
  }

  @Test
  void whereWitnessesCosignAnEntryMayBeShownLaterThanItsCheckpointWasSigned() throws Exception {
    answeredOtherwise("/proof", "text => ''", 404);
    answeredOtherwise("/anchors", "text => '{\"quorum\":2,\"items\":[]}'", 200);
    assertThat(verify(answer)).isEqualTo("good good good later noted");
    browser.evaluate("Date.now = () => 4e12");
    assertThat(verify(answer)).startsWith("good good good care");
    assertThat(verdict()).isEqualTo("care");
    assertThat(found("step-position")).contains("2 of its witnesses cosigned");
    answeredOtherwise("/anchors", "text => ''", 503);
    assertThat(verify(answer)).startsWith("good good good care");
  }

  @Test
  void aLogWithoutACheckpointHasNothingToCompare() throws Exception {
    answeredOtherwise("/proof", "text => ''", 404);
    answeredOtherwise("/checkpoint", "text => ''", 404);
    assertThat(verify(answer)).isEqualTo("good good later later skipped");
  }

  @Test
  void aLogThatDoesNotAnswerSettlesNothing() throws Exception {
    answeredOtherwise("/proof", "text => ''", 503);
    assertThat(verify(answer)).isEqualTo("good good care skipped skipped");
    assertThat(verdict()).isEqualTo("care");
    answeredOtherwise("/key", "text => ''", 503);
    assertThat(verify(answer)).isEqualTo("care skipped skipped skipped skipped");
  }

  // ---------------------------------------------------------------- what does not

  @Test
  void anotherLeafIsNeitherPromisedNorInTheLog() throws Exception {
    String leaf = receipt().path("leaf").asText();
    char other = leaf.charAt(0) == '0' ? '1' : '0';
    assertThat(verify(receipt().put("leaf", other + leaf.substring(1))))
        .isEqualTo("good bad good bad noted");
    assertThat(verdict()).isEqualTo("bad");
    assertThat(found("verdict")).contains("Steps 2 and 4", "error in copying");
    assertThat(verify(receipt().put("leaf", "00"))).isEqualTo("good bad good bad good");
  }

  @ParameterizedTest
  @CsvSource({"within 60,within 61", "leaves ,leaves 1", "pledge promise v1,pledge promise v2"})
  void anotherPromiseIsNotSigned(String from, String to) throws Exception {
    assertThat(verify(with("promise", from, to))).isEqualTo("bad skipped good good noted");
    assertThat(found("step-promise")).contains("signature");
  }

  @Test
  void aSignatureThatIsNotTheLogsIsNone() throws Exception {
    String note = receipt().path("promise").asText();
    char last = note.charAt(note.length() - 6);
    String forged =
        note.substring(0, note.length() - 6)
            + (last == 'A' ? 'B' : 'A')
            + note.substring(note.length() - 5);
    assertThat(verify(receipt().put("promise", forged))).isEqualTo("bad skipped good good noted");
    assertThat(verify(receipt().put("promise", note.replace("\n\n", "\n"))))
        .startsWith("bad skipped");
    assertThat(found("step-promise")).isEqualTo("It is no signed note.");
  }

  @Test
  void theProofOfTheBatchIsNeitherLongerNorElsewhere() throws Exception {
    ObjectNode longer = receipt();
    longer.withArray("proof").add("00".repeat(32));
    assertThat(verify(longer)).isEqualTo("good bad good good noted");
    assertThat(verify(receipt().put("place", 7))).isEqualTo("good bad good good good");
  }

  @Test
  void anotherKeyVerifiesNothing() throws Exception {
    String key = SERVER.send(SERVER.request("/v1/audit/pledge/key")).body().strip();
    enter(
        "key", new NoteSigner(SERVER.pledge.log().origin(), new byte[32]).verifierKey().toString());
    assertThat(verify(answer)).isEqualTo("bad skipped bad skipped skipped");
    assertThat(found("step-promise")).contains("not signed with the key");
    enter("key", key.replace("+", "x+"));
    assertThat(verify(answer)).as("no key").isEqualTo("care skipped skipped skipped skipped");
    enter("key", key);
    assertThat(verify(answer)).isEqualTo("good good good good noted");
    assertThat(found("step-promise")).contains("key that you pasted");
    NoteSigner other = new NoteSigner(SERVER.pledge.log().origin(), new byte[32]);
    enter("key", other.verifierKey() + "\n" + key);
    assertThat(verify(answer)).as("while the key changes").isEqualTo(ALL_GOOD);
    enter("key", new NoteSigner("another", new byte[32]).verifierKey() + "\n" + key);
    assertThat(verify(answer)).startsWith("care skipped skipped");
  }

  /** Whoever comes with a receipt of before a change of the key accuses nobody. */
  @Test
  void aReceiptThatARetiredKeySignedIsTakenAsOfItsTime() throws Exception {
    NoteSigner old = new NoteSigner(SERVER.pledge.log().origin(), new byte[32]);
    String text = SignedNote.parse(receipt().path("promise").asText().getBytes(UTF_8)).text();
    ObjectNode older = receipt().put("promise", new String(old.sign(text).encode(), UTF_8));
    assertThat(verify(older)).as("no key of the log").startsWith("bad skipped");
    assertThat(found("step-promise")).contains("not signed with the key");
    retired(old, "2100-01-01T00:00:00Z");
    assertThat(verify(older)).isEqualTo(ALL_GOOD);
    assertThat(found("step-promise")).contains("a key that it retired on 2100-01-01");
    assertThat(verify(receipt())).as("of now").isEqualTo(ALL_GOOD);
    assertThat(found("step-promise")).doesNotContain("retired");
    enter("key", SERVER.send(SERVER.request("/v1/audit/pledge/key")).body().strip());
    assertThat(verify(older)).isEqualTo("care good good good good");
    assertThat(verdict()).isEqualTo("care");
    enter("key", "");
    visit();
    retired(old, "2020-01-01T00:00:00Z");
    assertThat(verify(older)).startsWith("bad skipped good good");
    assertThat(found("step-promise")).contains("had retired before, on 2020-01-01");
    visit();
    retired(new NoteSigner(SERVER.pledge.log().origin(), filled(7)), "2100-01-01T00:00:00Z");
    assertThat(verify(older)).startsWith("bad skipped good good");
    assertThat(found("step-promise")).contains("not signed with the key");
  }

  private static byte[] filled(int value) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) value);
    return seed;
  }

  private static void retired(NoteSigner key, String until) throws InterruptedException {
    answeredOtherwise(
        "/retired-keys", "text => '%s %s\\n'".formatted(key.verifierKey(), until), 200);
  }

  @Test
  void aReceiptOfAnotherLogIsNotOfThisOne() throws Exception {
    assertThat(verify(receipt().put("log", "another"))).startsWith("bad skipped good good");
    assertThat(found("step-promise")).contains("of the log another");
  }

  @Test
  void aForgedProofOfTheLogIsNoticed() throws Exception {
    answeredOtherwise(
        "/proof",
        "text => { const a = JSON.parse(text); a.proof[0] = a.proof[0].replace(/./g, c => c === '0' ? '1' : '0');"
            + " return JSON.stringify(a) }",
        200);
    assertThat(verify(answer)).isEqualTo("good good good bad noted");
    assertThat(found("step-position")).contains("another root");
  }

  @ParameterizedTest
  @CsvSource({
    "a.position += 1,good good good bad noted",
    "a.position = -1,good good good bad noted",
    "a.position = a.size,good good good bad noted",
    "a.size += 1,good good good bad noted",
    "a.proof.pop(),good good good bad noted",
    "a.proof = 7,good good good bad noted",
    "a.checkpoint = a.checkpoint.replace(/\\n\\d+/u; '\\n1'),good good bad skipped skipped",
    "a.checkpoint = 7,good good bad skipped skipped"
  })
  void everyPartOfTheLogsProofCounts(String change, String states) throws Exception {
    answeredOtherwise(
        "/proof",
        "text => { const a = JSON.parse(text); "
            + change.replace(';', ',')
            + "; return JSON.stringify(a) }",
        200);
    assertThat(verify(answer)).isEqualTo(states);
  }

  @Test
  void aLogThatWasRewrittenIsNoticedByWhatTheBrowserRemembers() throws Exception {
    NoteSigner signer = new NoteSigner(SERVER.pledge.log().origin(), new byte[32]);
    remember(signer, 1);
    assertThat(verify(answer)).isEqualTo("good good good good bad");
    assertThat(found("step-growth")).contains("does not lead from");
    String kept = browser.evaluate("localStorage.getItem(Object.keys(localStorage)[0])");
    assertThat(kept).as("the evidence is kept").contains(signer.verifierKey().toString());
    remember(signer, 1_000_000);
    assertThat(verify(answer)).isEqualTo("good good good good bad");
    assertThat(found("step-growth")).contains("entries were removed");
    remember(signer, 0);
    assertThat(verify(answer)).as("a key that changed is asked about").endsWith("care");
  }

  /** What an earlier visit left, of a log with other entries. */
  private static void remember(NoteSigner signer, long size) throws InterruptedException {
    ObjectNode kept = Json.object();
    kept.put("note", checkpoint(signer, size));
    kept.put("key", signer.verifierKey().toString());
    kept.put("when", "2026-01-01T00:00:00Z");
    browser.evaluate(
        "localStorage.setItem('pledge-checkpoint %s', %s)"
            .formatted(SERVER.pledge.log().origin(), kept.textNode(kept.toString())));
  }

  private static String checkpoint(NoteSigner signer, long size) {
    Hash root = size == 0 ? Hash.ofEmptyTree() : new Hash(ByteString.of(new byte[32]));
    String text = new Checkpoint(SERVER.pledge.log().origin(), size, root).text();
    return new String(signer.sign(text).encode(), UTF_8);
  }

  @Test
  void aCheckpointThatSomebodyElseWasShownIsComparedToo() throws Exception {
    String early = SERVER.send(SERVER.request("/v1/audit/pledge/checkpoint")).body();
    enter("earlier", early);
    assertThat(verify(answer)).isEqualTo(ALL_GOOD);
    SERVER.read(SERVER.support, SERVER.adult(), "customer-service", "contact.email");
    TestServer.await(
        "the log to grow",
        () -> !SERVER.send(SERVER.request("/v1/audit/pledge/checkpoint")).body().equals(early));
    assertThat(verify(answer)).isEqualTo(ALL_GOOD);
    answeredOtherwise("/consistency", "text => text.replace(/\"proof\":.*/, '\"proof\":[]}')", 200);
    assertThat(verify(answer)).isEqualTo("good good good good bad");
    assertThat(found("verdict")).contains("Step 5 ", "evidence").doesNotContain("copying");
  }

  /** What anybody may have typed is no evidence against the log. */
  @Test
  void aPastedCheckpointThatIsNoneOfTheLogsSettlesNothing() throws Exception {
    for (String pasted :
        List.of("hello", checkpoint(new NoteSigner("another", filled(7)), 1), ofAnotherKey())) {
      enter("earlier", pasted);
      assertThat(verify(answer)).isEqualTo("good good good good care");
      assertThat(verdict()).isEqualTo("care");
      assertThat(found("step-growth")).contains("cannot be compared");
    }
  }

  @Test
  void aPastedCheckpointThatARetiredKeySignedIsComparedToo() throws Exception {
    retired(new NoteSigner(SERVER.pledge.log().origin(), new byte[32]), "2100-01-01T00:00:00Z");
    enter("earlier", ofAnotherKey());
    assertThat(verify(answer)).isEqualTo("good good good good bad");
    assertThat(found("step-growth")).contains("does not lead from");
  }

  private static String ofAnotherKey() {
    return checkpoint(new NoteSigner(SERVER.pledge.log().origin(), new byte[32]), 1);
  }

  @Test
  void whatWasFoundIsForgottenOnceSomethingElseIsEntered() throws Exception {
    String isShown = "document.querySelector('#result').checkVisibility()";
    String states =
        "[...document.querySelectorAll('.steps li')].map(step => step.dataset.state).join(' ')";
    String waiting = String.join(" ", Collections.nCopies(5, "waiting"));
    verify(answer);
    assertThat(browser.evaluate(isShown)).isEqualTo("true");
    browser.evaluate(
        "document.querySelector('#receipt').dispatchEvent(new Event('input', {bubbles: true}))");
    assertThat(browser.evaluate(isShown)).isEqualTo("false");
    assertThat(browser.evaluate(states)).isEqualTo(waiting);
    verify(answer);
    verify(Json.object());
    assertThat(browser.evaluate(isShown)).isEqualTo("false");
    assertThat(browser.evaluate(states)).isEqualTo(waiting);
  }

  /**
   * The page's questions whose address has a word are answered by what the function makes of it.
   */
  private static void answeredOtherwise(String address, String function, int status)
      throws InterruptedException {
    browser.evaluate(
        """
        (() => {
          const real = window.fetch;
          window.fetch = async (address, options) => {
            const answer = await real(address, options);
            if (!address.includes('%s')) return answer;
            const text = await answer.text();
            return new Response((%s)(text), {status: %d});
          };
        })()
        """
            .formatted(address, function, status));
  }

  // ---------------------------------------------------------------- what it computes with

  @Test
  void publishedProofsAreJudgedAsTheyAreMeant() throws Exception {
    String vectors = Files.readString(VECTORS.resolve("merkle-vectors.txt"));
    String judged =
        browser.evaluate(
            """
            (async () => {
              const {inclusion, consistency} = await import('/verify/merkle.js');
              const {Fault, unbase64} = await import('/verify/bytes.js');
              const hash = text => {
                const bytes = unbase64(text);
                if (bytes === null || bytes.length !== 32) throw new Fault('hash');
                return bytes;
              };
              const wrong = [];
              for (const line of %s.split('\\n').filter(each => each && !each.startsWith('#'))) {
                const [kind, one, two, first, second, hashes, meant] = line.split(' ');
                let judged = 'ok';
                try {
                  const proof = hashes === '-' ? [] : hashes.split(',').map(hash);
                  await (kind === 'inclusion'
                    ? inclusion(hash(second), BigInt(one), BigInt(two), hash(first), proof)
                    : consistency(BigInt(one), hash(first), BigInt(two), hash(second), proof));
                } catch (fault) {
                  if (!(fault instanceof Fault)) throw fault;
                  judged = 'wrong';
                }
                if (judged !== meant) wrong.push(line);
              }
              return wrong.join('\\n');
            })()
            """
                .formatted(Json.object().textNode(vectors)));
    assertThat(judged).isEmpty();
  }

  /** The first three of RFC 8032 §7.1: key, message, signature. */
  @ParameterizedTest
  @CsvSource({
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        + "387b2eaeb4302aeeb00d291612bb0c00",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        + "4a7c15e9716ed28dc027beceea1ec40a"
  })
  void publishedSignaturesVerifyAndNoOthers(String key, String message, String signature)
      throws Exception {
    assertThat(isSigned(key, message, signature)).isEqualTo("true");
    for (int at = 0; at < 64; at += 7) {
      assertThat(isSigned(key, message, flipped(signature, at))).isEqualTo("false");
    }
    for (int at = 0; at < 32; at += 5) {
      assertThat(isSigned(flipped(key, at), message, signature)).isEqualTo("false");
    }
    assertThat(isSigned(key, message + "00", signature)).isEqualTo("false");
    assertThat(isSigned(key, message, signature.substring(2))).isEqualTo("false");
    assertThat(isSigned(key, message, plusOrder(signature)))
        .as("S beyond the order")
        .isEqualTo("false");
    assertThat(isSigned("ff".repeat(32), message, signature)).as("no point").isEqualTo("false");
  }

  /**
   * Points of order 1, 2, 4 and 8 (the first three by y = 1, -1, 0), and what is no key of ours.
   */
  @ParameterizedTest
  @CsvSource({
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
  })
  void aKeyOfSmallOrderIsNone(String key) throws Exception {
    assertThat(keyIsTaken(key, 1)).isEqualTo("key-malformed");
    String good = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assertThat(keyIsTaken(good, 1)).isEqualTo("taken");
    assertThat(keyIsTaken(good, 4)).as("a witness's").isEqualTo("key-malformed");
  }

  private static String keyIsTaken(String key, int type) throws InterruptedException {
    return browser.evaluate(
        """
        (async () => {
          const {base64, concat, hex, sha256, utf8} = await import('/verify/bytes.js');
          const {verifierKeys} = await import('/verify/note.js');
          const typed = Uint8Array.from('%s'.match(/../g), pair => parseInt(pair, 16));
          const key = concat(Uint8Array.of(%d), typed);
          const id = hex((await sha256(utf8('log\\n'), key)).slice(0, 4));
          return verifierKeys(`log+${id}+${base64(key)}`).then(() => 'taken', fault => fault.code);
        })()
        """
            .formatted(key, type));
  }

  @Test
  void signaturesOfTheLogsOwnMakingVerify() throws Exception {
    Random random = new Random(8032);
    for (int i = 0; i < 20; i++) {
      byte[] seed = new byte[32];
      random.nextBytes(seed);
      NoteSigner signer = new NoteSigner("log", seed);
      String text = "line " + "x".repeat(i * 13) + "\n";
      String opened =
          browser.evaluate(
              """
              (async () => {
                crypto.subtle.importKey = () => Promise.reject(new Error('unknown'));
                const {open, verifierKeys} = await import('/verify/note.js');
                return (await open(%s, await verifierKeys('%s'))).text;
              })()
              """
                  .formatted(
                      Json.object().textNode(new String(signer.sign(text).encode(), UTF_8)),
                      signer.verifierKey()));
      assertThat(opened).isEqualTo(text);
    }
  }

  private static String isSigned(String key, String message, String signature)
      throws InterruptedException {
    return browser.evaluate(
        """
        (async () => {
          const {verify} = await import('/verify/ed25519.js');
          const bytes = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
          return String(await verify(bytes('%s'), bytes('%s'), bytes('%s')));
        })()
        """
            .formatted(key, signature, message));
  }

  private static String flipped(String hex, int at) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    bytes[at] = (byte) (bytes[at] ^ 1);
    return HexFormat.of().formatHex(bytes);
  }

  /** The same signature, but for S, which is larger by the order of the base point. */
  private static String plusOrder(String signature) {
    byte[] bytes = HexFormat.of().parseHex(signature);
    byte[] order =
        HexFormat.of().parseHex("edd3f55c1a631258d69cf7a2def9de14" + "00".repeat(15) + "10");
    int carry = 0;
    for (int i = 0; i < 32; i++) {
      int sum = (bytes[32 + i] & 0xff) + (order[i] & 0xff) + carry;
      bytes[32 + i] = (byte) sum;
      carry = sum >> 8;
    }
    return HexFormat.of().formatHex(bytes);
  }

  // ---------------------------------------------------------------- how it is shown

  @ParameterizedTest
  @CsvSource({"en,1280,light", "en,390,dark", "zh,1280,dark", "zh,390,light"})
  void itFitsTheWindowWithEverythingOpen(String language, int width, String scheme)
      throws Exception {
    browser.visit(address() + "?language=" + language, width, scheme);
    assertThat(verify(receipt().put("leaf", "00".repeat(32)))).startsWith("good bad good bad");
    browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .isEqualTo("true");
    assertThat(browser.evaluate("document.documentElement.lang")).isEqualTo(language);
    assertThat(browser.evaluate("document.querySelectorAll('h1').length")).isEqualTo("1");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void noStateIsToldByColourAlone() throws Exception {
    String shown =
        "[...document.querySelectorAll('.steps li')].map(step =>"
            + " step.querySelector('.icon').textContent + step.querySelector('.word').textContent).join('|')";
    assertThat(browser.evaluate(shown))
        .isEqualTo(String.join("|", Collections.nCopies(5, "○not checked yet")));
    verify(receipt().put("leaf", "00".repeat(32)));
    assertThat(browser.evaluate(shown))
        .isEqualTo("✓holds|✗does not hold|✓holds|✗does not hold|●nothing to compare yet");
  }

  @Test
  void everythingCanBeReachedByKeyboardAndHasAName() throws Exception {
    assertThat(
            browser.evaluate(
                """
                [...document.querySelectorAll('textarea, input, button, summary, a')].every(each =>
                  each.tabIndex >= 0 && (each.labels?.length > 0 || each.textContent.trim() !== ''))
                """))
        .isEqualTo("true");
  }

  @Test
  void bothLanguagesSayTheSameThings() throws Exception {
    String same =
        """
        (async () => {
          const [english, chinese] = (await import('/verify/words.js')).codes();
          return String(english === chinese && english.length > 500);
        })()
        """;
    assertThat(browser.evaluate(same)).isEqualTo("true");
    browser.speak("zh-CN,zh;q=0.9");
    visit();
    browser.speak("en");
    assertThat(browser.evaluate("document.title")).contains("验证回执");
    verify(answer);
    assertThat(found("verdict")).contains("成立");
    assertThat(browser.evaluate("document.querySelector('header a[hreflang]').textContent"))
        .isEqualTo("English");
  }

  @Test
  void withoutScriptsItSaysWhatElseVerifies() throws Exception {
    browser.runScripts(false);
    try {
      visit();
    } finally {
      browser.runScripts(true);
    }
    assertThat(browser.evaluate("document.querySelector('noscript').innerText"))
        .contains("./pledge audit verify");
    assertThat(browser.evaluate("document.querySelector('form').checkVisibility()"))
        .isEqualTo("false");
  }

  @Test
  void nothingRunsButItsOwnScripts() {
    Answered page = SERVER.send(SERVER.request("/verify"));
    assertThat(page.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; connect-src 'self';")
        .doesNotContain("unsafe", "http:", "https:", "data:", "blob:");
    assertThat(page.body()).doesNotContain("style=", "onclick", "http://", "https://");
    assertThat(page.body().split("<script", -1)).hasSize(2);
    assertThat(page.header("Vary")).isEqualTo("Accept-Language");
    assertThat(SERVER.send(SERVER.request("/verify?language=de")).status()).isEqualTo(400);
    assertThat(SERVER.send(SERVER.request("/verify/other.js")).status()).isEqualTo(404);
    assertThat(SERVER.send(SERVER.request("/verify/page.js")).header("Content-Type"))
        .isEqualTo("text/javascript; charset=utf-8");
  }
}
