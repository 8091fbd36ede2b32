package io.costoptimal.gateway.objects;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a request refers to, beside the object that is the first in its path. Filled and read by one thread.
 *
 * @param ids of objects without which the request means nothing: they must be the key's own
 * @param mentioned ids of what may be kept elsewhere as well, or is a part of another object: they must not be another key's
 * @param everybodys at least one element when it refers to what all keys have made
 */
record Referred(Set<String> ids, Set<String> mentioned, Set<String> everybodys) {

    /** To nothing yet. */
    Referred() {
        this(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    }

    boolean isEmpty() {
        return ids.isEmpty() && mentioned.isEmpty() && everybodys.isEmpty();
    }
}
