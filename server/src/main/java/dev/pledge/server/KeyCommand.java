package dev.pledge.server;

import dev.pledge.engine.LogDesk;
import dev.pledge.engine.anchor.AnchorSettings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pledge audit key}. */
@Command(
    name = "key",
    description = {
      "Print the log's verifier key, to be given to whoever is to verify the log: two while it"
          + " changes, the newest first. Of several logs, those of each.",
      "They have to get it from somebody they trust, not with a copy of the log."
    },
    mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--retired",
      description =
          "Print the keys it has signed with before instead, each with until when: receipts of"
              + " that time are verified with them.")
  private boolean retired;

  @Override
  public Integer call() {
    List<?> keys =
        AuditCommand.at(
            places, AnchorSettings.NONE, retired ? LogDesk::retiredKeys : LogDesk::verifierKeys);
    return AuditCommand.print(spec, keys);
  }
}
