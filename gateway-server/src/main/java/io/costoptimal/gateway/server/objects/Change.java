package io.costoptimal.gateway.server.objects;

import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import java.util.Comparator;

/** What is to be written of one object and one key. */
record Change(What what, String id, Owner owner) {

    /** In the order of the table's key. */
    static final Comparator<Change> ORDER = Comparator.comparing(Change::id)
            .thenComparing(change -> change.owner().key());

    /** What has become of the object. */
    enum What {
        MADE,
        DELETED,
        USED
    }

    /** The row that it is about: a later change takes the place of an earlier one. */
    record Row(String id, String key) {}

    Row row() {
        return new Row(id, owner.key());
    }
}
