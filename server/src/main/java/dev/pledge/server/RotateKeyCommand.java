package dev.pledge.server;

import dev.pledge.engine.LogDesk;
import dev.pledge.log.VerifierKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pledge audit rotate-key}. */
@Command(
    name = "rotate-key",
    description = {
      "Change the key that signs the log, or all of several, while no server runs on it.",
      "From the next start on the new key and the old one both sign; once people have learned of"
          + " the new one, --finish ends the change, and the old key is deleted.",
      "Both are entered in the log."
    },
    mixinStandardHelpOptions = true)
final class RotateKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(names = "--finish", description = "End the change that has begun.")
  private boolean finish;

  @Option(
      names = "--anchors",
      paramLabel = "FILE",
      description = {
        "The anchors that the server runs with, or set PLEDGE_ANCHORS: the change ends once enough",
        "witnesses cosigned what the new key signed."
      })
  private @Nullable Path anchors;

  @Override
  public Integer call() {
    return AuditCommand.print(
        spec, AuditCommand.at(places, AnchorsFile.read(spec, anchors), this::change));
  }

  private List<VerifierKey> change(LogDesk desk) {
    try {
      if (finish) {
        desk.endKeyChange();
      } else {
        desk.beginKeyChange();
      }
    } catch (LogDesk.KeyChangeRefused e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
    return desk.verifierKeys();
  }
}
