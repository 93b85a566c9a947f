package dev.pledge.engine.anchor;

import dev.pledge.engine.anchor.OutsideAnchor.Kind;
import dev.pledge.engine.anchor.OutsideAnchor.Terms;
import dev.pledge.log.Quorum;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.language.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where checkpoints are told of, and how many witnesses have to cosign one before it is shown.
 *
 * @param quorum how many of which witnesses; of those without a quorum, which are listened to
 * @param every the least time between two checkpoints that witnesses are asked to cosign
 */
public record AnchorSettings(Quorum quorum, Duration every, List<OutsideAnchor> anchors) {
  /** No place outside. */
  public static final AnchorSettings NONE =
      new AnchorSettings(Quorum.NONE, Duration.ofSeconds(10), List.of());

  private static final int MOST_SECONDS = 604_800;
  private static final int MOST_WITNESSES = 50;
  private static final String HTTPS = "https";
  private static final String REQUIRED = "required";

  /** Copies the list. */
  public AnchorSettings {
    anchors = List.copyOf(anchors);
  }

  /** What a file says. */
  public static AnchorSettings read(Settings file) {
    int threshold = file.number("quorum", 0, MOST_WITNESSES, 0);
    int every = file.number("every", 1, MOST_SECONDS, (int) NONE.every.toSeconds());
    List<OutsideAnchor> anchors = new ArrayList<>();
    for (Map.Entry<String, Settings> each : file.sections("anchors", "anchor").entrySet()) {
      anchor(each.getKey(), each.getValue(), Duration.ofSeconds(every)).ifPresent(anchors::add);
    }
    return new AnchorSettings(quorum(file, threshold, anchors), Duration.ofSeconds(every), anchors);
  }

  /**
   * The same places for another log of a deployment: those that hold one checkpoint get one for it
   * beside the first log's.
   */
  public AnchorSettings ofLog(String log) {
    return new AnchorSettings(
        quorum, every, anchors.stream().map(anchor -> anchor.ofLog(log)).toList());
  }

  /**
   * Returns unless a file that is to outlive the data lies among them.
   *
   * @throws AnchorsRefused if one does
   */
  public void requireApart(Path data) {
    Path directory = data.toAbsolutePath().normalize();
    for (OutsideAnchor anchor : anchors) {
      if (anchor instanceof FileAnchor file && file.path().startsWith(directory)) {
        throw new AnchorsRefused(
            "anchor `"
                + anchor.terms().name()
                + "` lies among the data, and would be put back with them; name a file on another"
                + " machine");
      }
    }
  }

  private static Quorum quorum(Settings file, int threshold, List<OutsideAnchor> anchors) {
    Set<VerifierKey> keys = new HashSet<>();
    for (OutsideAnchor anchor : anchors) {
      for (VerifierKey key : anchor.keys()) {
        if (!keys.add(key)) {
          file.refuse(
              "anchors", "two witnesses have one key", "give each witness the keys of its own");
        }
      }
    }
    try {
      return new Quorum(threshold, keys);
    } catch (IllegalArgumentException e) {
      String[] said = String.valueOf(e.getMessage()).split("; ", 2);
      file.refuse("quorum", said[0], said[said.length - 1]);
      return Quorum.NONE;
    }
  }

  private static Optional<OutsideAnchor> anchor(String name, Settings each, Duration cosigning) {
    Optional<Kind> kind =
        each.required(
            "kind", word -> Kind.valueOf(constant(word)), "file`, `http`, `email` or `witness");
    if (kind.isEmpty()) {
      each.leave();
    }
    return kind.flatMap(
        known ->
            switch (known) {
              case FILE -> file(terms(name, each, 10, each.flag(REQUIRED)), each);
              case HTTP -> http(terms(name, each, 60, false), each);
              case EMAIL -> email(terms(name, each, 86_400, false), each);
              case WITNESS -> witness(new Terms(name, cosigning, each.flag(REQUIRED)), each);
            });
  }

  private static String constant(String word) {
    if (!word.equals(word.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("no kind");
    }
    return word.toUpperCase(Locale.ROOT);
  }

  private static Terms terms(String name, Settings each, int usualSeconds, boolean required) {
    return new Terms(
        name, Duration.ofSeconds(each.number("every", 1, MOST_SECONDS, usualSeconds)), required);
  }

  private static Optional<OutsideAnchor> file(Terms terms, Settings each) {
    return each.required("path", AnchorSettings::absolute, "/mnt/elsewhere/pledge.checkpoint")
        .map(path -> new FileAnchor(terms, path));
  }

  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute() || path.getFileName() == null) {
      throw new IllegalArgumentException("no absolute path");
    }
    return path.normalize();
  }

  private static Optional<OutsideAnchor> http(Terms terms, Settings each) {
    Caller caller = caller(each);
    return url(each, "https://archive.example/checkpoints")
        .map(url -> new HttpAnchor(terms, url, caller));
  }

  private static Optional<OutsideAnchor> witness(Terms terms, Settings each) {
    Caller caller = caller(each);
    Optional<URI> url = url(each, "https://witness.example");
    List<VerifierKey> keys =
        each.words(
            "keys",
            AnchorSettings::cosigner,
            "copy the key as the witness published it",
            "name+id+key");
    return url.map(prefix -> new WitnessAnchor(terms, prefix, Set.copyOf(keys), caller));
  }

  private static VerifierKey cosigner(String text) {
    VerifierKey key = VerifierKey.parse(text);
    if (!key.type().isCosignature()) {
      throw new IllegalArgumentException("no key that cosigns");
    }
    return key;
  }

  private static Caller caller(Settings each) {
    return Caller.usual(each.flag("allow-private") ? Reach.ANYWHERE : Reach.PUBLIC);
  }

  /** An address; without TLS only where that was asked for. */
  private static Optional<URI> url(Settings each, String example) {
    boolean insecure = each.flag("insecure");
    return each.required(
        "url",
        text -> {
          URI url = URI.create(text);
          boolean known =
              HTTPS.equals(url.getScheme()) || (insecure && "http".equals(url.getScheme()));
          if (!known
              || url.getHost() == null
              || url.getRawUserInfo() != null
              || url.getRawFragment() != null) {
            throw new IllegalArgumentException("no address");
          }
          return url;
        },
        example);
  }

  private static Optional<OutsideAnchor> email(Terms terms, Settings each) {
    Optional<MailServer> server = MailServer.read(each);
    Optional<String> from = each.required("from", MailServer::mailbox, "log@example.org");
    List<String> to =
        each.words(
            "to", MailServer::mailbox, "write it as `notary@example.com`", "notary@example.com");
    return server.flatMap(
        through -> from.map(sender -> new MailAnchor(terms, through, sender, to)));
  }
}
