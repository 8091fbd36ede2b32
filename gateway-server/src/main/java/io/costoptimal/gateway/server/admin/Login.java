package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.http.JsonText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Begins, shows and ends the sessions of browsers. Any thread. */
final class Login {

    private static final Logger LOG = LogManager.getLogger(Login.class);
    private static final RareWarning WRONG = new RareWarning(InternalLoggerFactory.getInstance(Login.class));

    private final Gate gate;
    private final Sessions sessions;

    Login(Gate gate, Sessions sessions) {
        this.gate = gate;
        this.sessions = sessions;
    }

    /** What can be asked of it. */
    List<Route> routes() {
        return List.of(
                Route.post("/login", Threads.Kind.QUICK, this::login).openTo(Route.Access.OPEN),
                Route.post("/logout", Threads.Kind.QUICK, this::logout).openTo(Route.Access.OPEN),
                Route.get("/session", Threads.Kind.QUICK, this::show));
    }

    private Answer login(Request request) throws Refused {
        JsonObject body = JsonObject.parse(request.body(), "key");
        String key = body.text("key");
        if (key == null) {
            throw Refused.parameter("key", "nothing", "a key of role admin");
        }
        String name = gate.check(key, request.head());
        if (name == null) {
            WRONG.log("admin_login_refused address=" + request.head().peer().client());
            throw new Refused(401, "wrong_key", "This is no key of role admin.");
        }
        LOG.info("admin_login key={} address={}", name, request.head().peer().client());
        String id = sessions.begin(AdminKeys.digest(key));
        return shown(name).with("set-cookie", cookie(request, id, Sessions.LIFE.toSeconds()));
    }

    private Answer logout(Request request) {
        Gate.sessionIds(request.head().headers()).forEach(sessions::end);
        return Answer.empty(204).with("set-cookie", cookie(request, "", 0));
    }

    private Answer show(Request request) {
        return shown(request.key());
    }

    private static Answer shown(String name) {
        StringBuilder json = new StringBuilder("{\"key\":");
        JsonText.quote(json, name).append("}\n");
        return Answer.json(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Kept from scripts, from other sites, and from plain HTTP where the page itself came by TLS (RFC 6265, 4.1.2). */
    private static String cookie(Request request, String id, long seconds) {
        String origin = request.head().headers().get(HttpHeaderNames.ORIGIN, "");
        String secure = origin.startsWith("https:") ? "; Secure" : "";
        return Gate.COOKIE + "=" + id + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict" + secure;
    }
}
