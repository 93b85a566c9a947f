package dev.pledge.log;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The canonical bytes of an entry, version 1, element by element in the order of {@code
 * docs/log-format.md}.
 *
 * <p>INVARIANT: never changed. Another layout is another version, beside this one.
 */
final class EntryFormat {
  private static final int GRANTED = 1;
  private static final int WITHHELD = 2;

  private EntryFormat() {}

  static byte[] encode(Entry entry) {
    CanonicalWriter out = new CanonicalWriter();
    Facts facts = entry.facts();
    out.octet(Entry.VERSION);
    out.uuid(entry.id());
    out.time(facts.at());
    out.raw(entry.nonce());
    out.raw(entry.mark());
    out.name(facts.kind().name());
    out.octet(facts.outcome().code());
    writeReason(out, facts.reason());
    writeCaller(out, facts.caller());
    out.name(facts.product());
    out.name(facts.purpose());
    out.name(facts.channel());
    out.name(facts.source());
    out.name(facts.recipient());
    out.name(facts.destination());
    out.name(facts.exception());
    out.name(facts.policy());
    out.names(facts.conditions());
    writeStanding(out, facts.standing());
    out.octet(facts.verdicts().size());
    facts.verdicts().forEach(verdict -> writeVerdict(out, verdict));
    out.number(facts.unknownNames());
    out.number(facts.subjects());
    out.name(facts.target());
    out.number(facts.epoch());
    out.raw(facts.digest());
    out.block(entry.sealed().toByteArray());
    return out.bytes();
  }

  static Entry decode(byte[] bytes) {
    if (bytes.length > Entry.MAX_SIZE) {
      throw new MalformedEntry("too long for an entry; the limit is " + Entry.MAX_SIZE + " bytes");
    }
    Entry entry;
    try {
      entry = readEntry(new CanonicalReader(bytes));
    } catch (IllegalArgumentException e) {
      throw new MalformedEntry("malformed encoding: " + e.getMessage(), e);
    }
    // INVARIANT: one entry, one encoding. The reader refuses every second way it knows of; this
    // refuses those it does not.
    if (!Arrays.equals(encode(entry), bytes)) {
      throw new MalformedEntry("malformed encoding: not the canonical one");
    }
    return entry;
  }

  static Instant decidedAt(byte[] bytes) {
    CanonicalReader in = new CanonicalReader(bytes);
    try {
      requireVersion(in);
      var _ = in.uuid();
      return in.time();
    } catch (IllegalArgumentException e) {
      throw new MalformedEntry("malformed encoding: " + e.getMessage(), e);
    }
  }

  private static void requireVersion(CanonicalReader in) {
    if (in.octet() != Entry.VERSION) {
      throw new MalformedEntry("unknown version of the entry format; use a newer reader");
    }
  }

  private static Entry readEntry(CanonicalReader in) {
    requireVersion(in);
    var id = in.uuid();
    var at = in.time();
    ByteString nonce = in.raw(Entry.NONCE_SIZE);
    Optional<ByteString> mark = in.optionalRaw(Entry.MARK_SIZE);
    Kind kind = new Kind(in.name());
    Outcome outcome = Outcome.ofCode(in.octet());
    Optional<Reason> reason = in.flag() ? Optional.of(readReason(in)) : Optional.empty();
    Caller caller = readCaller(in);
    Optional<String> product = in.optionalName();
    Optional<String> purpose = in.optionalName();
    Optional<String> channel = in.optionalName();
    Optional<String> source = in.optionalName();
    Optional<String> recipient = in.optionalName();
    Optional<String> destination = in.optionalName();
    Optional<String> exception = in.optionalName();
    Optional<String> policy = in.optionalName();
    Set<String> conditions = in.names();
    Standing standing = readStanding(in);
    List<Verdict> verdicts = in.list(in.octet(), Facts.MAX_VERDICTS, () -> readVerdict(in));
    int unknownNames = in.smallNumber();
    OptionalLong subjects = in.optionalNumber();
    Optional<String> target = in.optionalName();
    OptionalInt epoch = in.optionalSmallNumber();
    Optional<ByteString> digest = in.optionalRaw(Facts.DIGEST_SIZE);
    ByteString sealed = ByteString.of(in.block(Entry.MAX_SEALED));
    in.requireEnd();
    Facts facts =
        new Facts(
            at,
            kind,
            outcome,
            reason,
            caller,
            product,
            purpose,
            channel,
            source,
            recipient,
            destination,
            exception,
            policy,
            conditions,
            standing,
            verdicts,
            unknownNames,
            subjects,
            target,
            epoch,
            digest);
    return new Entry(id, nonce, mark, facts, sealed);
  }

  private static void writeReason(CanonicalWriter out, Optional<Reason> reason) {
    out.octet(reason.isPresent() ? 1 : 0);
    reason.ifPresent(why -> writeReason(out, why));
  }

  private static void writeReason(CanonicalWriter out, Reason why) {
    out.name(why.rule());
    out.name(why.reason());
    out.name(why.clause());
  }

  private static Reason readReason(CanonicalReader in) {
    return new Reason(in.name(), in.optionalName(), in.optionalName());
  }

  private static void writeCaller(CanonicalWriter out, Caller caller) {
    out.name(caller.type());
    out.name(caller.id());
    out.octet(caller.roles().size());
    for (Caller.Role role : caller.roles()) {
      out.name(role.name());
      out.octet(role.weight() == Caller.Weight.COUNTED ? 1 : 0);
    }
    out.names(caller.undertakings());
    out.names(caller.assurances());
    out.name(caller.approver());
    out.names(caller.approverRoles());
    out.names(caller.products());
  }

  private static Caller readCaller(CanonicalReader in) {
    String type = in.name();
    Optional<String> id = in.optionalName();
    List<Caller.Role> roles = in.list(in.octet(), Caller.MAX_ROLES, () -> readRole(in));
    return new Caller(
        type, id, roles, in.names(), in.names(), in.optionalName(), in.names(), in.names());
  }

  private static Caller.Role readRole(CanonicalReader in) {
    String name = in.name();
    return new Caller.Role(name, in.flag() ? Caller.Weight.COUNTED : Caller.Weight.HELD);
  }

  private static void writeStanding(CanonicalWriter out, Standing standing) {
    out.name(standing.age());
    out.name(standing.status());
    out.name(standing.accepted());
    out.names(standing.facts());
  }

  private static Standing readStanding(CanonicalReader in) {
    return new Standing(in.optionalName(), in.optionalName(), in.optionalName(), in.names());
  }

  private static void writeVerdict(CanonicalWriter out, Verdict verdict) {
    out.name(verdict.field());
    switch (verdict) {
      case Verdict.Granted granted -> {
        out.octet(GRANTED);
        out.name(granted.view());
        out.name(granted.purpose());
        out.name(granted.clause());
      }
      case Verdict.Withheld withheld -> {
        out.octet(WITHHELD);
        writeReason(out, withheld.why());
      }
    }
    out.number(verdict.count());
    out.octet(Verdict.Asked.bits(verdict.asked()));
  }

  private static Verdict readVerdict(CanonicalReader in) {
    String field = in.name();
    int tag = in.octet();
    if (tag == GRANTED) {
      return new Verdict.Granted(
          field,
          in.optionalName(),
          in.optionalName(),
          in.optionalName(),
          in.smallNumber(),
          Verdict.Asked.of(in.octet()));
    }
    if (tag == WITHHELD) {
      return new Verdict.Withheld(
          field, readReason(in), in.smallNumber(), Verdict.Asked.of(in.octet()));
    }
    throw in.malformed("neither granted nor withheld");
  }
}
