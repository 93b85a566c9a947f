package dev.pledge.log;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who asked, as far as an entry says it in the open. A person acting for himself or for another
 * person is never named here: that stands in the sealed {@link Detail}. Where nobody was found
 * there is no such detail, and the actor is named in whatever capacity it asked.
 *
 * @param type what the caller is, such as {@link #SERVICE}
 * @param id the actor's id; always empty for a person
 * @param roles the roles the actor held, sorted by name, at most {@value #MAX_ROLES}
 * @param undertakings the undertakings in force that the actor had signed (IV.3)
 * @param assurances what else the caller brought, such as {@code justified} or {@code step-up}
 * @param approver the other actor who approved, where an exception demands one (II.I.7)
 * @param approverRoles the roles the approver held
 * @param products the products the actor works for
 */
public record Caller(
    String type,
    Optional<String> id,
    List<Role> roles,
    Set<String> undertakings,
    Set<String> assurances,
    Optional<String> approver,
    Set<String> approverRoles,
    Set<String> products) {
  /** A program of the controller. */
  public static final String SERVICE = "service";

  /** A member of staff. */
  public static final String STAFF = "staff";

  /** A program or person of a recipient. */
  public static final String PARTNER = "partner";

  /** An auditor. */
  public static final String AUDITOR = "auditor";

  /** Pledge itself: sweeps, rotations, start-up. */
  public static final String SYSTEM = "system";

  /** The data subject. */
  public static final String SELF = "self";

  /** A guardian of the data subject (VI.1). */
  public static final String GUARDIAN = "guardian";

  /** An agent the data subject has appointed. */
  public static final String AGENT = "agent";

  /** An heir of the data subject. */
  public static final String HEIR = "heir";

  /** Nobody who could be told. */
  public static final String ANONYMOUS = "anonymous";

  /** The most roles an entry holds. */
  public static final int MAX_ROLES = 32;

  private static final Set<String> NAMELESS = Set.of(SELF, GUARDIAN, AGENT, HEIR, ANONYMOUS);

  /** Throws {@link IllegalArgumentException} if a name is malformed or a person is named. */
  public Caller {
    Grammar.requireName(type, "caller type");
    Grammar.requireActor(id, "actor id");
    if (id.isPresent() && NAMELESS.contains(type)) {
      throw new IllegalArgumentException(
          "an entry does not name a person in the open; put the actor into the sealed detail");
    }
    roles = sorted(roles);
    undertakings = Grammar.names(undertakings, "undertaking");
    assurances = Grammar.names(assurances, "assurance");
    Grammar.requireActor(approver, "approver's actor id");
    approverRoles = Grammar.names(approverRoles, "approver's role");
    products = Grammar.names(products, "product");
  }

  /** Without approver's roles and products. */
  public Caller(
      String type,
      Optional<String> id,
      List<Role> roles,
      Set<String> undertakings,
      Set<String> assurances,
      Optional<String> approver) {
    this(type, id, roles, undertakings, assurances, approver, Set.of(), Set.of());
  }

  /** An actor without roles, such as {@code (SYSTEM, "retention")}. */
  public static Caller of(String type, String id) {
    return new Caller(type, Optional.of(id), List.of(), Set.of(), Set.of(), Optional.empty());
  }

  /** A caller who is not named, such as {@link #SELF}. */
  public static Caller unnamed(String type) {
    return new Caller(type, Optional.empty(), List.of(), Set.of(), Set.of(), Optional.empty());
  }

  private static List<Role> sorted(Collection<Role> roles) {
    if (roles.size() > MAX_ROLES) {
      throw new IllegalArgumentException("too many roles; give at most " + MAX_ROLES);
    }
    TreeMap<String, Role> byName = new TreeMap<>();
    for (Role role : roles) {
      if (byName.put(role.name(), role) != null) {
        throw new IllegalArgumentException("the same role twice; name each role once");
      }
    }
    return List.copyOf(byName.values());
  }

  /** A role the actor held, and whether the decision counted it. */
  public record Role(String name, Weight weight) {
    /** Checks the name. */
    public Role {
      Grammar.requireName(name, "role");
    }
  }

  /** Whether a role was one that the decision rested on. */
  public enum Weight {
    /** The role did not bear on the question, or its undertaking was not met. */
    HELD,
    /** The role was eligible. */
    COUNTED
  }
}
