package io.costoptimal.gateway.exchange;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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
     * @param key the {@link Principal#identity} of the key that made it
     * @param provider the id of the provider that keeps it
     * @param origin what has begun it, as long as its usage was not told; {@code null} for all but responses that are made in the
     *     background
     */
    record Owner(String key, String provider, Origin origin) {

        /** Of an object whose making has no usage that is told later. */
        public Owner(String key, String provider) {
            this(key, provider, null);
        }

        /** Whether {@code other} is the same key at the same provider. */
        public boolean is(Owner other) {
            return key.equals(other.key) && provider.equals(other.provider);
        }
    }

    /** Everybody known who has made an object of this id, the last one first; empty when nobody is known. */
    List<Owner> of(String id);

    /**
     * Looks elsewhere for the owners of {@code ids}, of whom {@link #of} does not know the one who asks.
     *
     * @return completes on any thread with those that were found, by id; exceptionally when it cannot be found out whose they
     *     are, which the client is told by a 503. Cancelled when nobody waits any more. {@code null} when there is nowhere
     *     else to look
     */
    default CompletableFuture<Map<String, List<Owner>>> findLater(Collection<String> ids) {
        return null;
    }

    /** How long a request waits for {@link #findLater}. */
    default Duration patience() {
        return Duration.ofSeconds(3);
    }

    /** {@code owner} has made an object. */
    void made(String id, Owner owner);

    /** {@code owner} has deleted an object. */
    void deleted(String id, Owner owner);
}
