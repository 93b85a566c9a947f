package dev.pledge.server.http;

import static dev.pledge.server.http.Route.change;
import static dev.pledge.server.http.Route.file;
import static dev.pledge.server.http.Route.form;
import static dev.pledge.server.http.Route.free;
import static dev.pledge.server.http.Route.open;
import static dev.pledge.server.http.Route.page;
import static dev.pledge.server.http.Route.read;
import static dev.pledge.server.http.Route.stream;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Scope;
import dev.pledge.log.Kind;
import dev.pledge.policy.language.Schema;
import dev.pledge.server.http.Route.Access.Covered;
import dev.pledge.server.http.Route.Access.Token;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Every call there is, in one place. */
final class Routes {
  static final String SUBJECTS = "/v1/subjects";
  static final String LOOKUP = SUBJECTS + "/lookup";
  private static final String SUBJECT = SUBJECTS + "/{id}";
  private static final String LOGS = "/v1/audit";
  private static final String LOG = LOGS + "/{log}";
  private static final String DATA = SUBJECT + "/data";

  /** Where an answer may tell whether somebody has an alias. */
  static final Set<String> TELL_OF_ALIASES = Set.of(SUBJECTS, LOOKUP, DATA);

  private static final String HOLDS = "/v1/holds";
  private static final String OWN_REQUESTS = SUBJECT + "/requests";
  private static final String OWN_REQUEST = OWN_REQUESTS + "/{request}";
  private static final String REQUESTS = "/v1/requests";
  private static final String REQUEST = REQUESTS + "/{request}";

  private static final Covered OWN = new Covered(Scope.RIGHTS, Kind.REQUEST);
  private static final Covered OWN_LOOK = new Covered(Scope.RIGHTS, Kind.REQUESTS);
  private static final Covered STAFF = new Covered(Scope.REQUESTS, Kind.REQUEST);
  private static final Covered STAFF_LOOK = new Covered(Scope.REQUESTS, Kind.REQUESTS);

  private Routes() {}

  static List<Route> all(
      Pledge pledge,
      Limits limits,
      Metrics metrics,
      Admission admission,
      CentreEndpoints centre,
      InstantSource clock) {
    Once once = new Once(pledge);
    var subjects = new SubjectEndpoints(pledge, once);
    var data = new DataEndpoints(pledge, once, limits);
    var exports = new ExportEndpoints(pledge);
    var insight = new InsightEndpoints(pledge);
    var oversight = new OversightEndpoints(pledge, once);
    var holds = new HoldEndpoints(pledge, once);
    var log = new LogEndpoints(pledge);
    var search = new SearchEndpoints(pledge);
    var alarms = new AlarmEndpoints(pledge, once);
    var retention = new RetentionEndpoints(pledge);
    var outbox = new OutboxEndpoints(pledge);
    var messages = new MessageEndpoints(pledge);
    var own = new OwnRequestEndpoints(pledge, once);
    var requests = new RequestEndpoints(pledge, once);
    var policy = new PolicyEndpoints(pledge, clock);
    var operations = new OperationsEndpoints(pledge, metrics, admission);
    var pages = new Pages();
    var verify = new VerifyPage(pledge);
    return List.of(
        change("POST", SUBJECTS, new Covered(Scope.SUBJECTS, Kind.REGISTER), subjects::register),
        read("POST", LOOKUP, new Covered(Scope.LOOKUP, Kind.LOOKUP), subjects::lookup),
        read("GET", SUBJECT, new Covered(Scope.SUBJECTS, Kind.STATE), subjects::show),
        change("DELETE", SUBJECT, new Covered(Scope.RIGHTS, Kind.ERASE), subjects::erase)
            .taking("final", "mark"),
        change(
            "POST",
            SUBJECT + "/restore",
            new Covered(Scope.RIGHTS, Kind.RECOVER),
            subjects::restore),
        change(
            "POST",
            SUBJECT + "/acceptance",
            new Covered(Scope.SUBJECTS, Kind.ACCEPT),
            subjects::accept),
        change(
            "POST",
            SUBJECT + "/products",
            new Covered(Scope.SUBJECTS, Kind.REGISTER),
            subjects::join),
        change(
            "POST", SUBJECT + "/close", new Covered(Scope.SUBJECTS, Kind.CLOSE), subjects::close),
        change(
            "POST",
            SUBJECT + "/hand-over",
            new Covered(Scope.RIGHTS, Kind.HAND_OVER),
            subjects::handOver),
        change(
            "POST",
            SUBJECT + "/jurisdiction",
            new Covered(Scope.RIGHTS, Kind.MOVE),
            subjects::move),
        change("POST", DATA, new Token(), data::collect),
        read("GET", DATA, new Covered(Scope.RIGHTS, Kind.READ), exports::held)
            .taking("as", "assurance", "field", "month", "limit", "cursor"),
        stream("GET", SUBJECT + "/export", new Covered(Scope.RIGHTS, Kind.EXPORT), exports::export)
            .taking("as", "assurance"),
        read(
                "GET",
                SUBJECT + "/consents/receipt",
                new Covered(Scope.RIGHTS, Kind.CONSENTS),
                exports::receipt)
            .taking("as", "choice"),
        change("PATCH", DATA, new Covered(Scope.RIGHTS, Kind.CORRECT), data::correct),
        change("DELETE", DATA, new Covered(Scope.RIGHTS, Kind.DELETE), data::delete)
            .taking("field"),
        read("POST", SUBJECT + "/read", new Token(), data::read),
        read("POST", SUBJECT + "/explain", new Covered(Scope.EXPLAIN, Kind.EXPLAIN), data::explain),
        stream("POST", "/v1/read", new Covered(Scope.BULK, Kind.READ), data::readAll),
        change(
            "POST",
            SUBJECT + "/consents",
            new Covered(Scope.CONSENTS, Kind.GRANT),
            subjects::consent),
        read(
                "GET",
                SUBJECT + "/consents",
                new Covered(Scope.RIGHTS, Kind.CONSENTS),
                insight::consents)
            .taking("limit", "cursor"),
        read("GET", SUBJECT + "/history", new Covered(Scope.RIGHTS, Kind.HISTORY), insight::history)
            .taking("from", "to", "purpose", "actor", "act", "outcome", "limit", "cursor"),
        stream(
                "GET",
                SUBJECT + "/history/export",
                new Covered(Scope.RIGHTS, Kind.HISTORY),
                insight::exportHistory)
            .taking("from", "to", "purpose", "actor", "act", "outcome"),
        stream(
                "GET",
                SUBJECT + "/history/proof",
                new Covered(Scope.RIGHTS, Kind.HISTORY),
                insight::proveHistory)
            .taking("log"),
        change("POST", SUBJECT + "/approvals", new Token(), oversight::approve),
        change("DELETE", SUBJECT + "/approvals", new Token(), oversight::revoke).taking("approval"),
        read("GET", "/v1/reviews", new Token(), oversight::reviews)
            .taking("state", "limit", "cursor"),
        change("POST", SUBJECT + "/reviews", new Token(), oversight::review),
        change("POST", SUBJECT + "/holds", new Token(), holds::place),
        read("GET", HOLDS, new Token(), holds::list).taking("case"),
        change("DELETE", HOLDS + "/{id}", new Token(), holds::lift),
        read("GET", HOLDS + "/{id}/data", new Token(), holds::open).taking("limit", "cursor"),
        change("POST", OWN_REQUESTS, OWN, own::make),
        read("GET", OWN_REQUESTS, OWN_LOOK, own::list),
        read("GET", OWN_REQUEST, OWN_LOOK, own::show),
        change("POST", OWN_REQUEST + "/messages", OWN, own::write),
        change("POST", OWN_REQUEST + "/documents", OWN, own::handIn).takingDocument(),
        read("GET", OWN_REQUEST + "/documents/{document}", OWN_LOOK, own::document),
        change("POST", OWN_REQUEST + "/identity", OWN, own::identify),
        change("POST", OWN_REQUEST + "/withdraw", OWN, own::withdraw),
        change("POST", OWN_REQUEST + "/appeal", OWN, own::appeal),
        read("GET", REQUESTS, STAFF_LOOK, requests::queue)
            .taking("state", "kind", "product", "number", "due", "limit", "cursor"),
        read("GET", REQUEST, STAFF_LOOK, requests::show),
        read("GET", REQUEST + "/documents/{document}", STAFF_LOOK, requests::document),
        change("POST", REQUEST + "/take", STAFF, requests::take),
        change("POST", REQUEST + "/messages", STAFF, requests::write),
        change("POST", REQUEST + "/identity", STAFF, requests::identity),
        change("POST", REQUEST + "/extension", STAFF, requests::extend),
        change("POST", REQUEST + "/decision", STAFF, requests::decide),
        change("POST", REQUEST + "/run", STAFF, requests::again),
        change("POST", REQUEST + "/done", STAFF, requests::complete),
        read("POST", LOG + "/search", new Covered(Scope.LOG, Kind.SEARCH), search::search),
        read("GET", "/v1/alarms", new Covered(Scope.ALARMS, Kind.ALARMS), alarms::list)
            .taking("state", "limit", "cursor"),
        change(
            "POST",
            "/v1/alarms/{id}/acknowledge",
            new Covered(Scope.ALARMS, Kind.ACKNOWLEDGE),
            alarms::acknowledge),
        read("GET", "/v1/outbox", new Covered(Scope.LOG, Kind.OUTBOX), outbox::list)
            .taking("limit", "cursor"),
        read("GET", "/v1/messages", new Covered(Scope.LOG, Kind.MESSAGES), messages::list)
            .taking("state", "limit", "cursor"),
        read("GET", "/v1/retention", new Covered(Scope.LOG, Kind.RETENTION), retention::report),
        read("GET", "/v1/retention/page", new Covered(Scope.LOG, Kind.RETENTION), retention::page),
        stream("GET", "/v1/audience", new Covered(Scope.BULK, Kind.AUDIENCE), insight::audience)
            .taking("purpose", "channel", "product"),
        open("/v1/policy", policy::inForce).taking("language", "product"),
        open("/v1/policy/{version}", policy::version).taking("language", "product"),
        open(LOGS, log::list),
        open(LOG + "/key", log::key),
        open(LOG + "/retired-keys", log::retiredKeys),
        open(LOG + "/checkpoint", log::checkpoint),
        open(LOG + "/tile/{tile}", log::tile),
        open(LOG + "/proof", log::proof).taking("entry"),
        open(LOG + "/consistency", log::consistency).taking("from", "to"),
        open(LOG + "/anchors", log::anchors),
        free("/health/live", operations::live),
        free("/health/ready", operations::ready),
        free("/metrics", operations::metrics),
        open("/openapi", pages::openApi),
        open("/schema/" + Schema.POLICY.file(), _ -> Pages.schema(Schema.POLICY)),
        open("/schema/" + Schema.LABELS.file(), _ -> Pages.schema(Schema.LABELS)),
        open("/schema/" + Schema.TERMS.file(), _ -> Pages.schema(Schema.TERMS)),
        open("/docs", pages::docs),
        open("/docs/style.css", pages::style),
        open("/verify", verify::page).taking("language"),
        open("/verify/{script}", verify::script),
        page("/me", centre.entrance()::home).taking("said"),
        page("/me/style.css", centre.entrance()::style),
        page("/me/icons/{icon}", centre.entrance()::icon),
        page("/me/demo", centre.entrance()::demo),
        form("/me/demo", centre.entrance()::enterDemo),
        page("/me/hand-over", centre.entrance()::handedOver).taking("token"),
        form("/me/hand-over", centre.entrance()::signIn),
        form("/me/sign-out", centre.entrance()::signOut),
        page("/me/language", centre.entrance()::language).taking("to", "back"),
        page("/me/data", centre.data()::show).taking("show", "said"),
        file("/me/export", centre.data()::export),
        page("/me/data/change", centre.data()::askToChange).taking("field", "product"),
        form("/me/data/change", centre.data()::change),
        page("/me/data/delete", centre.data()::askToDelete).taking("field"),
        form("/me/data/delete", centre.data()::delete),
        page("/me/choices", centre.choices()::show).taking("said"),
        form("/me/choices", centre.choices()::choose),
        form("/me/offers/stop", centre.choices()::stopOffers),
        page("/me/history", centre.history()::show).taking("kind", "cursor"),
        page("/me/account", centre.account()::show).taking("said"),
        form("/me/sessions/end", centre.account()::endSession),
        form("/me/sessions/end-others", centre.account()::endOtherSessions),
        page("/me/account/close", centre.account()::askToClose).taking("product"),
        form("/me/account/close", centre.account()::close),
        page("/me/account/erase", centre.account()::askToErase),
        form("/me/account/erase", centre.account()::erase),
        page("/.well-known/gpc.json", centre.entrance()::gpc),
        open("/", pages::index));
  }
}
