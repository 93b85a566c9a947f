package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Invented people, registered through the gate, each with values that can be told again. */
final class People {
  private static final int AT_ONCE = 16;

  private final List<SubjectId> ids;

  private People(List<SubjectId> ids) {
    this.ids = ids;
  }

  /**
   * Registers {@code count} adults who accept the policy, the first of them number {@code from},
   * and collects {@code values} of each, if there are any, in one change.
   */
  static People register(
      House house,
      Caller caller,
      PolicyVersion policy,
      String product,
      int from,
      int count,
      IntFunction<Map<String, Object>> values) {
    Evidence act =
        new Evidence(
            "checked-box", policy.toString(), "en", InstantSource.system().instant(), null);
    List<Future<SubjectId>> registering = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < count; i++) {
        int person = from + i;
        registering.add(
            workers.submit(
                () -> {
                  Registration registration =
                      new Registration(
                          product,
                          Map.of("email", email(person), "phone", phone(person)),
                          LocalDate.of(1990, 5, 17),
                          new Acceptance(policy, act),
                          List.of(),
                          "CN");
                  return register(house, caller, registration, values.apply(person));
                }));
      }
      List<SubjectId> ids = new ArrayList<>();
      for (Future<SubjectId> one : registering) {
        ids.add(one.get());
      }
      return new People(ids);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while registering", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not register everybody", e.getCause());
    }
  }

  private static SubjectId register(
      House house, Caller caller, Registration registration, Map<String, Object> values) {
    List<SubjectId> registered = new ArrayList<>();
    house.change(
        caller,
        changes -> {
          if (!(changes.register(registration) instanceof Registered.Subject subject)) {
            throw new IllegalStateException("a person was not registered");
          }
          if (!values.isEmpty()) {
            requireStored(
                changes.collect(
                    subject.subject(),
                    new Collection(registration.product(), "person", Set.of(), values)),
                values.size());
          }
          registered.add(subject.subject());
        });
    return registered.getLast();
  }

  static void requireStored(Collected collected, int fields) {
    if (!(collected instanceof Collected.Answer answer) || answer.stored().size() != fields) {
      throw new IllegalStateException("not everything was stored");
    }
  }

  int count() {
    return ids.size();
  }

  SubjectId id(int person) {
    return ids.get(person);
  }

  /** A name of letters alone, another for each person. */
  static String name(int person) {
    StringBuilder name = new StringBuilder("Person ");
    for (char digit : Integer.toString(person).toCharArray()) {
      name.append((char) ('a' + digit - '0'));
    }
    return name.toString();
  }

  static String email(int person) {
    return "person" + person + "@example.com";
  }

  static String phone(int person) {
    return "+86138" + (10_000_000 + person);
  }
}
