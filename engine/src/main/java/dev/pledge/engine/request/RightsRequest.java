package dev.pledge.engine.request;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A rights request, with nothing of what was written (V.1 to V.5).
 *
 * @param number what people say on the phone
 * @param product the product it is about; empty for all
 * @param products whose staff may see it
 * @param policy the version of the policy by which its clocks run
 * @param appeals of an appeal, the request it is about
 */
public record RightsRequest(
    SubjectId subject,
    UUID id,
    String number,
    RequestKind kind,
    RequestState state,
    Optional<ProductId> product,
    Set<ProductId> products,
    String policy,
    Optional<UUID> appeals,
    Clock clock,
    Optional<ActorId> handler,
    Identity identity,
    Optional<Decided> decided,
    Carrying carrying,
    Optional<Instant> endedAt) {

  public RightsRequest {
    products = Set.copyOf(products);
  }

  /**
   * When it came, and until when what is done. A term the policy does not promise is empty.
   *
   * @param confirmBy the first moment at which the confirmation is late
   * @param answerBy the same of the answer, extension included
   */
  public record Clock(
      Instant receivedAt,
      Optional<Instant> confirmedAt,
      Optional<Instant> confirmBy,
      Optional<Instant> answerBy,
      Optional<Instant> extendedAt) {}

  /**
   * Whether it was seen who asks.
   *
   * @param needed whether nothing is granted before
   */
  public record Identity(boolean needed, Optional<Check> check) {}

  /**
   * That it was seen who asks.
   *
   * @param how such as {@code stepped-up} or {@code document}
   * @param by who saw it: a member of staff, or the service that stepped the session up
   */
  public record Check(String how, ActorId by, Instant at) {}

  /** What it was decided to. */
  public record Decided(Ruling ruling, ActorId by, Instant at, Optional<String> clause) {}

  /**
   * How far what was granted is done.
   *
   * @param failure why the last attempt failed, in one word
   * @param nextTry when it is tried again by itself; empty where somebody has to see to it
   */
  public record Carrying(int attempts, Optional<String> failure, Optional<Instant> nextTry) {
    /** Nothing was tried yet, and nothing is. */
    public static final Carrying NOTHING = new Carrying(0, Optional.empty(), Optional.empty());
  }

  /** What is owed next, and until when; empty where nothing is, or no clock runs. */
  public Optional<Instant> due() {
    if (state.isOver()) {
      return Optional.empty();
    }
    return state == RequestState.RECEIVED && clock.confirmBy.isPresent()
        ? clock.confirmBy
        : clock.answerBy;
  }

  /** The same in another state. */
  public RightsRequest in(RequestState other) {
    return with(draft -> draft.state = other);
  }

  /** The same, over since then. */
  public RightsRequest endedIn(RequestState other, Instant at) {
    return with(
        draft -> {
          draft.state = other;
          draft.endedAt = Optional.of(at);
          draft.carrying = new Carrying(carrying.attempts, Optional.empty(), Optional.empty());
        });
  }

  /** The same, of which the person was told then that it is here, unless they were before. */
  public RightsRequest confirmedAt(Instant at) {
    return clock.confirmedAt.isPresent()
        ? this
        : with(
            draft -> {
              draft.state = state == RequestState.RECEIVED ? RequestState.CONFIRMED : state;
              draft.clock =
                  new Clock(
                      clock.receivedAt,
                      Optional.of(at),
                      clock.confirmBy,
                      clock.answerBy,
                      clock.extendedAt);
            });
  }

  /** The same, with an answer put off then. */
  public RightsRequest extendedTo(Instant answerBy, Instant at) {
    return with(
        draft ->
            draft.clock =
                new Clock(
                    clock.receivedAt,
                    clock.confirmedAt,
                    clock.confirmBy,
                    Optional.of(answerBy),
                    Optional.of(at)));
  }

  /** The same, on which that member of staff works. */
  public RightsRequest handledBy(ActorId actor) {
    return with(draft -> draft.handler = Optional.of(actor));
  }

  /** The same, of which it was seen who asks. */
  public RightsRequest checked(Check check) {
    return with(draft -> draft.identity = new Identity(identity.needed, Optional.of(check)));
  }

  /** The same, decided. */
  public RightsRequest decided(Decided ruling) {
    return with(draft -> draft.decided = Optional.of(ruling));
  }

  /** The same, as far as that with what was granted. */
  public RightsRequest carrying(Carrying howFar) {
    return with(draft -> draft.carrying = howFar);
  }

  private RightsRequest with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new RightsRequest(
        subject,
        id,
        number,
        kind,
        draft.state,
        product,
        products,
        policy,
        appeals,
        draft.clock,
        draft.handler,
        draft.identity,
        draft.decided,
        draft.carrying,
        draft.endedAt);
  }

  /** What changes of a request. */
  private static final class Draft {
    private RequestState state;
    private Clock clock;
    private Optional<ActorId> handler;
    private Identity identity;
    private Optional<Decided> decided;
    private Carrying carrying;
    private Optional<Instant> endedAt;

    Draft(RightsRequest of) {
      this.state = of.state;
      this.clock = of.clock;
      this.handler = of.handler;
      this.identity = of.identity;
      this.decided = of.decided;
      this.carrying = of.carrying;
      this.endedAt = of.endedAt;
    }
  }
}
