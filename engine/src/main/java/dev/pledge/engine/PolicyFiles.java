package dev.pledge.engine;

import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Checked.Unsound;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.language.Problem;
import dev.pledge.policy.names.PolicyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The versions of a policy as their files say them: the rules, and the words for people. A
 * directory holds one version ({@code policy.yaml} and its notices), or one sub-directory for each
 * version.
 */
public final class PolicyFiles {
  private static final String FILE = "policy.yaml";

  private final Policies policies;
  private final Map<PolicyVersion, Sound> versions;

  private PolicyFiles(Policies policies, Map<PolicyVersion, Sound> versions) {
    this.policies = policies;
    this.versions = Map.copyOf(versions);
  }

  /** The files are not those of a policy that can be put in force. */
  public static final class PolicyRefused extends RuntimeException {
    private final transient List<Problem> problems;

    PolicyRefused(String message, List<Problem> problems) {
      super(message);
      this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in the order of files and places. */
    public List<Problem> problems() {
      return problems;
    }
  }

  /**
   * Reads and checks every version in {@code directory}.
   *
   * @throws PolicyRefused if there is none, one is not sound, or they do not go together
   * @throws UncheckedIOException if the directory cannot be listed
   */
  public static PolicyFiles read(Path directory) {
    List<Policy> sound = new ArrayList<>();
    Map<PolicyVersion, Sound> checkedVersions = new LinkedHashMap<>();
    for (Path version : versions(directory)) {
      Checked checked = PolicyCheck.check(PolicySource.directory(version));
      switch (checked) {
        case Sound whole -> {
          sound.add(whole.policy());
          checkedVersions.put(whole.policy().version(), whole);
        }
        case Unsound(List<Problem> problems) ->
            throw new PolicyRefused(
                "the policy in `" + version + "` cannot be put in force", problems);
      }
    }
    try {
      return new PolicyFiles(Policies.of(sound), checkedVersions);
    } catch (IllegalArgumentException e) {
      throw new PolicyRefused(
          "the versions in `" + directory + "` cannot be put in force together: " + e.getMessage(),
          List.of());
    }
  }

  private static List<Path> versions(Path directory) {
    if (Files.exists(directory.resolve(FILE))) {
      return List.of(directory);
    }
    try (Stream<Path> inside = Files.list(directory)) {
      List<Path> versions =
          inside.filter(path -> Files.exists(path.resolve(FILE))).sorted().toList();
      if (versions.isEmpty()) {
        throw new PolicyRefused(
            "no policy in `" + directory + "`; name a directory with a `policy.yaml`", List.of());
      }
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "could not list `" + directory + "`; name a directory with a `policy.yaml`", e);
    }
  }

  /** The rules of all versions. */
  public Policies policies() {
    return policies;
  }

  /** A version with its words for people; empty for an unknown version. */
  public Optional<Sound> version(PolicyVersion version) {
    return Optional.ofNullable(versions.get(version));
  }
}
