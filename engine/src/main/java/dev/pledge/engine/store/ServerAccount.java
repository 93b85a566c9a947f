package dev.pledge.engine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The account the embedded server runs as, and the command that takes its rights away.
 *
 * <p>An ordinary user runs it as himself. Root gives it to the first account there is of {@code
 * pledge-postgres}, {@code postgres} and {@code nobody}; a cluster that exists stays with the
 * account that owns it. That account gets no group, no capability and no way to gain one, and is
 * not able to read the files of this process.
 */
record ServerAccount(int uid, int gid, boolean apart) {
  private static final ServerAccount NOBODY = new ServerAccount(65534, 65534, true);
  private static final List<String> PREFERRED = List.of("pledge-postgres", "postgres", "nobody");

  static boolean isRoot() {
    return owner(Path.of("/proc/self")).uid() == 0;
  }

  /** The account for the cluster, which need not exist yet. */
  static ServerAccount of(Path cluster) {
    ServerAccount self = owner(Path.of("/proc/self"));
    if (self.uid() != 0) {
      return self;
    }
    ServerAccount owner = Files.exists(cluster) ? owner(cluster) : self;
    return owner.uid() == 0 ? preferred() : new ServerAccount(owner.uid(), owner.gid(), true);
  }

  /**
   * Gives the tree to this account, if root made it. What the account owns already is not walked:
   * it may have put links there.
   */
  void own(Path tree) throws IOException {
    if (!apart || owner(tree).uid() == uid) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.toList()) {
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /**
   * Commands to put before the server's, the best first. The first ends the server when the thread
   * that started it does, and keeps a terminal's Ctrl-C from it, which is ours to handle.
   */
  List<List<String>> confinements() {
    if (!apart) {
      return List.of(
          List.of("setsid", "setpriv", "--no-new-privs", "--pdeathsig", "SIGINT"), List.of());
    }
    List<String> drop =
        List.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + gid,
            "--clear-groups",
            "--no-new-privs",
            "--bounding-set=-all",
            "--inh-caps=-all");
    List<String> best =
        Stream.of(List.of("setsid"), drop, List.of("--pdeathsig", "SIGINT"))
            .flatMap(List::stream)
            .toList();
    return List.of(best, drop);
  }

  private static ServerAccount owner(Path path) {
    try {
      return new ServerAccount(
          (Integer) Files.getAttribute(path, "unix:uid"),
          (Integer) Files.getAttribute(path, "unix:gid"),
          false);
    } catch (IOException e) {
      throw new StartRefused("could not see who owns `" + path + "`", e);
    }
  }

  private static ServerAccount preferred() {
    return PREFERRED.stream()
        .flatMap(name -> named(name).stream())
        .filter(account -> account.uid() != 0)
        .findFirst()
        .orElse(NOBODY);
  }

  private static Optional<ServerAccount> named(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(parts -> parts.length > 3 && parts[0].equals(name))
          .map(
              parts ->
                  new ServerAccount(Integer.parseInt(parts[2]), Integer.parseInt(parts[3]), true))
          .findFirst();
    } catch (IOException | UncheckedIOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
