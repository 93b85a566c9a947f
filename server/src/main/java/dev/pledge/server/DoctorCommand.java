package dev.pledge.server;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.DoctorDesk;
import dev.pledge.engine.gate.Symptom;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pledge doctor}. */
@Command(
    name = "doctor",
    description = {
      "Look whether data, keys, erasure ledger and log fit together; a server may be running.",
      "Changes nothing, but that the keys were opened is on the log. Tells tables and ids, never a"
          + " value. Exit code 0 where nothing is wrong, 1 where something is."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long EACH = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--deep",
      description = "Open every value and every log entry, and not only a sample.")
  private boolean deep;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Symptom> findings;
    try {
      findings = DoctorDesk.examine(places.existing(), deep, this::shown);
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
    boolean sound = findings.stream().allMatch(Symptom::harmless);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(asJson(findings, sound));
    } else {
      findings.forEach(finding -> print(out, finding));
      out.println(
          sound
              ? deep ? "sound" : "sound, as far as a sample shows; --deep opens everything"
              : "not sound");
    }
    out.flush();
    return sound ? Main.DONE : Main.WRONG;
  }

  private final AtomicLong told = new AtomicLong();

  private void shown(long looked) {
    if (looked / EACH != told.getAndSet(looked / EACH)) {
      spec.commandLine().getErr().printf(Locale.ROOT, "looked at: %,d%n", looked);
      spec.commandLine().getErr().flush();
    }
  }

  private static void print(PrintWriter out, Symptom finding) {
    out.printf(
        Locale.ROOT,
        "%s  %s: %,d x %s%n",
        finding.harmless() ? "note " : "WRONG",
        finding.check(),
        finding.count(),
        finding.what());
    finding.places().forEach(place -> out.printf(Locale.ROOT, "       %s%n", place));
    if (finding.count() > finding.places().size()) {
      out.println("       ...");
    }
    out.printf(Locale.ROOT, "       -> %s%n", finding.remedy());
  }

  private String asJson(List<Symptom> findings, boolean sound) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("sound", sound);
    all.put("deep", deep);
    ArrayNode list = all.putArray("findings");
    for (Symptom finding : findings) {
      ObjectNode each = list.addObject();
      each.put("check", finding.check());
      each.put("harmless", finding.harmless());
      each.put("count", finding.count());
      ArrayNode where = each.putArray("places");
      finding.places().forEach(where::add);
      each.put("what", finding.what());
      each.put("remedy", finding.remedy());
    }
    return JsonMapper.builder().build().valueToTree(all).toPrettyString();
  }
}
