package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.Line;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the rows of one kind of object: what providers keep, and what is done with it. Their requests name no model, but for forms that may, and
 * nothing is charged for their answers by tokens. Used by one thread.
 */
final class ObjectRows {

    private static final String GET = "GET";
    private static final String POST = "POST";

    private final Kind kind;
    private final Answers answers;
    private final List<Operation> rows = new ArrayList<>();

    /** @param answers what errors look like; see {@link Answers#free} */
    ObjectRows(Kind kind, Answers answers) {
        this.kind = kind;
        this.answers = answers;
    }

    /** A new object is made at {@code path}, of a JSON document. */
    ObjectRows creates(String path) {
        return creates(path, Body.JSON);
    }

    ObjectRows creates(String path, Body body) {
        return add(POST, path, body, Role.CREATES);
    }

    /** All objects are listed at {@code path}. */
    ObjectRows lists(String path) {
        return add(GET, path, Body.NONE, Role.LISTS);
    }

    /** Each of {@code paths} tells something of an object. */
    ObjectRows reads(String... paths) {
        for (String path : paths) {
            add(GET, path, Body.NONE, Role.READS);
        }
        return this;
    }

    /** Each of {@code paths} has an object do something, of which the path tells all. */
    ObjectRows acts(String... paths) {
        for (String path : paths) {
            add(POST, path, Body.NONE, Role.READS);
        }
        return this;
    }

    /** Each of {@code paths} changes an object, or a part of it, as a JSON document says. */
    ObjectRows changes(String... paths) {
        for (String path : paths) {
            changes(path, Body.JSON);
        }
        return this;
    }

    ObjectRows changes(String path, Body body) {
        return add(POST, path, body, Role.READS);
    }

    /** The object that {@code path} names is deleted. */
    ObjectRows deletes(String path) {
        return add("DELETE", path, Body.NONE, Role.DELETES);
    }

    /** Each of {@code paths} names a part of an object, which is taken away. */
    ObjectRows removes(String... paths) {
        for (String path : paths) {
            add("DELETE", path, Body.NONE, Role.READS);
        }
        return this;
    }

    private ObjectRows add(String method, String path, Body body, Role role) {
        rows.add(new Operation(new Line(method, path), Handling.PROXIED, body, answers, new Objects(kind, role)));
        return this;
    }

    List<Operation> rows() {
        return List.copyOf(rows);
    }
}
