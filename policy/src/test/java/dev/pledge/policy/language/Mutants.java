package dev.pledge.policy.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts spoilt at random, a few lines or characters of them at a time. */
final class Mutants {
  private static final String GARBAGE = ":-[]{}#&*!|>'\"%@`,? \t\n\0a0Z\u00E9\u5B57\u202E~";

  private final Random random;

  Mutants(long seed) {
    random = new Random(seed);
  }

  String of(List<String> lines) {
    return String.join("\n", mutant(lines));
  }

  private List<String> mutant(List<String> lines) {
    List<String> mutant = new ArrayList<>(lines);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && !mutant.isEmpty(); i++) {
      change(mutant);
    }
    return mutant;
  }

  private void change(List<String> lines) {
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.add(random.nextInt(lines.size()), line);
      case 3 -> lines.set(at, line.substring(0, random.nextInt(line.length() + 1)));
      case 4 -> lines.set(at, insert(line, garbage()));
      case 5 -> lines.set(at, drop(line));
      case 6 -> lines.set(at, "  " + line);
      default -> lines.set(at, swap(line));
    }
  }

  private String garbage() {
    StringBuilder garbage = new StringBuilder();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      garbage.append(GARBAGE.charAt(random.nextInt(GARBAGE.length())));
    }
    return garbage.toString();
  }

  private String insert(String line, String text) {
    int at = random.nextInt(line.length() + 1);
    return line.substring(0, at) + text + line.substring(at);
  }

  private String drop(String line) {
    if (line.isEmpty()) {
      return line;
    }
    int at = random.nextInt(line.length());
    return line.substring(0, at) + line.substring(at + 1);
  }

  private String swap(String line) {
    if (line.length() < 2) {
      return line;
    }
    int at = random.nextInt(line.length() - 1);
    return line.substring(0, at) + line.charAt(at + 1) + line.charAt(at) + line.substring(at + 2);
  }
}
