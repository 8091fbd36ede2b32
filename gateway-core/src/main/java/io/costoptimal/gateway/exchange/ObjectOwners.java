package io.costoptimal.gateway.exchange;

import java.util.List;

/**
 * Whose the objects are that providers keep: files, batches, stored answers and the like. Any thread; no method may block.
 *
 * <p>An object is known by its id together with the key that made it, so that two keys whose providers hand out the same id do
 * not get into each other's way.
 */
public interface ObjectOwners {

    /** Knows nobody, and learns nothing. Where these are in force, nobody looks for ids. */
    ObjectOwners NONE = new ObjectOwners() {
        @Override
        public List<Owner> of(String id) {
            return List.of();
        }

        @Override
        public void made(String id, Owner owner) {}

        @Override
        public void deleted(String id, Owner owner) {}
    };

    /**
     * Who made an object, and where it is.
     *
     * @param key the name of the key that made it
     * @param provider the id of the provider that keeps it
     */
    record Owner(String key, String provider) {}

    /** Everybody known who has made an object of this id, the last one first; empty when nobody is known. */
    List<Owner> of(String id);

    /** {@code owner} has made an object. */
    void made(String id, Owner owner);

    /** {@code owner} has deleted an object. */
    void deleted(String id, Owner owner);
}
