package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void nameKeepsItsCode() {
    try (TestDatabase test = TestDatabase.fresh()) {
      short code = Vocabulary.load(test.database()).code("emeet@2020-04-23");

      Vocabulary later = Vocabulary.load(test.database());
      assertThat(later.code("emeet@2020-04-23")).isEqualTo(code);
      assertThat(later.name(code)).isEqualTo("emeet@2020-04-23");
    }
  }

  @Test
  void nodesThatAddNamesAtOnceAgree() throws Exception {
    try (TestDatabase test = TestDatabase.fresh();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Short> agreed = new ConcurrentHashMap<>();
      List<Callable<Boolean>> nodes =
          IntStream.range(0, 4)
              .mapToObj(i -> Vocabulary.load(test.database()))
              .<Callable<Boolean>>map(node -> () -> addAll(node, agreed))
              .toList();

      for (Future<Boolean> node : threads.invokeAll(nodes)) {
        assertThat(node.get()).isTrue();
      }

      assertThat(agreed).hasSize(40);
      assertThat(agreed.values()).doesNotHaveDuplicates();
    }
  }

  @Test
  void nameOfAnotherNodeIsFound() {
    try (TestDatabase test = TestDatabase.fresh()) {
      Vocabulary here = Vocabulary.load(test.database());
      short code = Vocabulary.load(test.database()).code("there");

      assertThat(here.name(code)).isEqualTo("there");
      assertThat(here.code("there")).isEqualTo(code);
      assertThatThrownBy(() -> here.name((short) 29_999))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void nameIsAddedWhileAChangeIsOpenAndStaysIfItRollsBack() {
    try (TestDatabase test = TestDatabase.fresh()) {
      Vocabulary vocabulary = Vocabulary.load(test.database());

      assertThatThrownBy(
              () ->
                  test.database()
                      .change(
                          tx -> {
                            vocabulary.code("apart");
                            throw new IllegalStateException("no");
                          }))
          .hasMessage("no");

      assertThat(Vocabulary.load(test.database()).code("apart"))
          .isEqualTo(vocabulary.code("apart"));
    }
  }

  @Test
  void whatNoPolicyCanDeclareIsRefusedUnrepeated() {
    try (TestDatabase test = TestDatabase.fresh()) {
      Vocabulary vocabulary = Vocabulary.load(test.database());

      for (String name : List.of("", "two words", "ünlaut", "x".repeat(129), "line\n")) {
        assertThatThrownBy(() -> vocabulary.code(name))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("malformed name; use one that a checked policy declares");
      }
    }
  }

  @Test
  void fullVocabularyTakesNoMore() {
    try (TestDatabase test = TestDatabase.fresh()) {
      test.database()
          .change(
              tx ->
                  tx.handle()
                      .execute(
                          "insert into vocabulary select n, 'n' || n from generate_series(1, ?) n",
                          Vocabulary.LIMIT - 1));
      Vocabulary vocabulary = Vocabulary.load(test.database());

      assertThat(vocabulary.code("last")).isEqualTo((short) Vocabulary.LIMIT);
      assertThatThrownBy(() -> vocabulary.code("more"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("30000");
      assertThat(vocabulary.code("n7")).isEqualTo((short) 7);
    }
  }

  private static boolean addAll(Vocabulary node, Map<String, Short> agreed) {
    return IntStream.range(0, 40)
        .mapToObj(i -> "name-" + i)
        .allMatch(
            name -> {
              short code = node.code(name);
              return agreed.merge(name, code, (a, b) -> a.equals(b) ? a : (short) -1) == code;
            });
  }
}
